package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.LiveLine;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.run.Checkpoints;
import org.sigmoe.cli.run.CorpusProgress;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.RunTokenizer;
import org.sigmoe.cli.run.TrainedModel;
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.CorpusOptions;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.eval.EvaluationConfig;
import org.sigmoe.xl.eval.EvaluationResult;
import org.sigmoe.xl.eval.Evaluator;
import org.sigmoe.xl.eval.TextMeasures;
import org.sigmoe.xl.model.ModelConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe eval}: measures how well a trained model predicts a held-out text. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Measure how well the model of a run predicts a held-out text.",
      "As the published results were: 4 streams, and a memory of 4 contexts."
    })
final class EvalCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "Folder of the run")
  private Path folder = Path.of("");

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "Part of the text: test (default), valid or train")
  private String split = "test";

  @Option(
      names = "--checkpoint",
      paramLabel = "WHICH",
      description = "best (default), last, or the number of a step")
  private String checkpoint = "best";

  @Option(names = "--memory-multiple", paramLabel = "N", description = "Memory in contexts (4)")
  private @Nullable Integer memoryMultiple;

  @Option(
      names = "--attention-window",
      paramLabel = "WINDOW",
      description = {
        "memory (default): every token sees all of the memory, as in training.",
        "sliding: every token sees as many tokens before it as the memory holds, as in the paper's"
            + " code"
      })
  private String attentionWindow = "memory";

  @Option(names = "--batch", paramLabel = "N", description = "Streams the text is cut into (4)")
  private @Nullable Integer batch;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Tokens of a segment (as in training)")
  private @Nullable Integer context;

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  private final Console console;
  private final ConfigFlags flags = new ConfigFlags();

  private EvalCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    EvalCommand command = new EvalCommand(console);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.DATA, ConfigFlag.Group.ENGINE);
    return line;
  }

  @Override
  public Integer call() throws IOException {
    RunLayout run = RunFolders.existing(folder);
    Configuration config = Configuration.ofRun(run.config(), flags.settings());
    EvaluationConfig evaluation = evaluation(config.run().model());
    Checkpoints which = Checkpoints.parse(checkpoint);
    Split part = split();
    LiveLine line = new LiveLine(console.err(), System::nanoTime);
    Consumer<String> notes = text -> line.above("sigmoe: " + text);
    Consumer<String> progress = console.errIsTerminal() ? line::show : text -> {};
    CorpusOptions options =
        CorpusOptions.defaults().withProgress(new CorpusProgress(notes, progress));
    try (Corpus corpus = Corpus.open(config.run().data().source(), options);
        TrainedModel trained = TrainedModel.open(run, config, which, notes, progress);
        Evaluator evaluator = Evaluator.prepare(trained.model(), trained.engine(), evaluation)) {
      RunTokenizer.requireSame(run, corpus);
      TokenSource text = corpus.split(part);
      EvaluationResult result =
          evaluator.evaluate(
              text,
              (total, soFar) ->
                  progress.accept(
                      "evaluating  %d%%  %s bits/token"
                          .formatted(
                              100 * soFar.tokens() / total, Units.bits(soFar.bitsPerToken()))));
      line.clear();
      Optional<TextMeasures> measures =
          text.countText().map(counts -> TextMeasures.of(result, counts));
      long step = trained.checkpoint().state().step();
      if (json) {
        console.out().println(Json.line(object(result, measures, evaluation, step)));
      } else {
        print(result, measures, evaluation, step, text);
      }
    }
    return ExitCode.DONE;
  }

  private Split split() {
    return Arguments.oneOf("--split", split, Split.values());
  }

  private EvaluationConfig evaluation(ModelConfig model) {
    AttentionWindow window =
        Arguments.oneOf("--attention-window", attentionWindow, AttentionWindow.values());
    return Arguments.checked(
        () -> {
          EvaluationConfig published = EvaluationConfig.published(model);
          int tokens = context == null ? published.context() : context;
          int multiple =
              memoryMultiple == null ? published.memory() / published.context() : memoryMultiple;
          return published
              .withBatch(batch == null ? published.batch() : batch)
              .withContext(tokens)
              .withMemoryMultiple(multiple)
              .withWindow(window);
        });
  }

  private ObjectNode object(
      EvaluationResult result,
      Optional<TextMeasures> measures,
      EvaluationConfig evaluation,
      long step) {
    ObjectNode object =
        Json.object()
            .put("bitsPerToken", result.bitsPerToken())
            .put("perplexity", result.perplexity());
    measures.ifPresent(
        found ->
            object
                .put("bitsPerByte", found.bitsPerByte())
                .put("bitsPerCharacter", found.bitsPerCharacter())
                .put("wordPerplexity", found.wordPerplexity()));
    return object
        .put("tokens", result.tokens())
        .put("tokensLeftOut", result.tokensLeftOut())
        .put("loss", result.loss())
        .put("split", split)
        .put("step", step)
        .put("batch", evaluation.batch())
        .put("context", evaluation.context())
        .put("memory", evaluation.memory())
        .put("attentionWindow", attentionWindow);
  }

  private void print(
      EvaluationResult result,
      Optional<TextMeasures> measures,
      EvaluationConfig evaluation,
      long step,
      TokenSource text) {
    String ofText =
        measures
            .map(
                found ->
                    String.format(
                        Locale.ROOT,
                        "%s bits/byte, %s bits/character, perplexity of a word %.5g%n",
                        Units.bits(found.bitsPerByte()),
                        Units.bits(found.bitsPerCharacter()),
                        found.wordPerplexity()))
            .orElse("");
    console
        .out()
        .printf(
            Locale.ROOT,
            "%s bits/token, perplexity %.3f%n%s"
                + "over %,d tokens of %s (%,d left out at its end)%n"
                + "step %,d, %d streams, context %d, memory %d, attention window %s%n",
            Units.bits(result.bitsPerToken()),
            result.perplexity(),
            ofText,
            result.tokens(),
            text.description(),
            result.tokensLeftOut(),
            step,
            evaluation.batch(),
            evaluation.context(),
            evaluation.memory(),
            attentionWindow);
  }
}
