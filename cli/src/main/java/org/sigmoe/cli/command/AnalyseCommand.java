package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.LiveLine;
import org.sigmoe.cli.run.Checkpoints;
import org.sigmoe.cli.run.CorpusProgress;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.RunTokenizer;
import org.sigmoe.cli.run.TrainedModel;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.xl.analysis.Analyzer;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.CorpusOptions;
import org.sigmoe.xl.data.CorpusSource;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.eval.EvaluationConfig;
import org.sigmoe.xl.model.ModelConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe analyse}: how a text uses the feed-forward blocks of a trained model. */
@Command(
    name = "analyse",
    mixinStandardHelpOptions = true,
    description = {
      "Show how a text uses the feed-forward blocks of a trained model.",
      "Active units of dense and top-K blocks, experts and which of them occur together, values of"
          + " product-key memories; layer by layer, and whole in analysis.json in the folder of the"
          + " run."
    })
final class AnalyseCommand implements Callable<Integer> {
  private static final String FILE = "analysis.json";
  private static final int MOST_STREAMS = 4;

  @Parameters(paramLabel = "DIR", description = "Folder of the run")
  private Path folder = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Text to read: a file, a directory, a .zip, or prepared data (the run's test text)")
  private @Nullable Path data;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Tokens to read at most, spread over the text (131072)")
  private long tokens = 131_072;

  @Option(
      names = "--checkpoint",
      paramLabel = "WHICH",
      description = "best (default), last, or the number of a step")
  private String checkpoint = "best";

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  private final Console console;
  private final ConfigFlags flags = new ConfigFlags();

  private AnalyseCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    AnalyseCommand command = new AnalyseCommand(console);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.ENGINE);
    return line;
  }

  @Override
  public Integer call() throws IOException {
    if (tokens < 1) {
      throw new UsageException("--tokens: must be at least 1, got " + tokens);
    }
    RunLayout run = RunFolders.existing(folder);
    Configuration config = Configuration.ofRun(run.config(), flags.settings());
    Checkpoints which = Checkpoints.parse(checkpoint);
    LiveLine line = new LiveLine(console.err(), System::nanoTime);
    Consumer<String> notes = text -> line.above("sigmoe: " + text);
    Consumer<String> progress = console.errIsTerminal() ? line::show : text -> {};
    CorpusOptions options =
        CorpusOptions.defaults().withProgress(new CorpusProgress(notes, progress));
    try (Corpus corpus = Corpus.open(source(config), options);
        TrainedModel trained = TrainedModel.open(run, config, which, notes, progress)) {
      RunTokenizer.requireSame(run, corpus);
      TokenSource text =
          corpus.split(corpus.splits().contains(Split.TEST) ? Split.TEST : Split.VALID);
      try (Analyzer analyzer =
          Analyzer.prepare(
              trained.model(), trained.engine(), evaluation(config.run().model(), text))) {
        ModelAnalysis analysis =
            analyzer.analyse(
                text,
                tokens,
                (total, soFar) ->
                    progress.accept("analysing  %d%%".formatted(100 * soFar.tokens() / total)));
        line.clear();
        tell(analysis, trained.checkpoint().state().step(), text, run);
      }
    }
    return ExitCode.DONE;
  }

  private CorpusSource source(Configuration config) {
    return data == null ? config.run().data().source() : new CorpusSource.TestOnly(data);
  }

  /** Context and memory of the training, and no more streams than a short text can fill. */
  private static EvaluationConfig evaluation(ModelConfig model, TokenSource text) {
    long streams = (text.length() - 1) / model.context();
    return EvaluationConfig.ofTraining(model, Math.clamp(streams, 1, MOST_STREAMS));
  }

  private void tell(ModelAnalysis analysis, long step, TokenSource text, RunLayout run)
      throws IOException {
    ObjectNode object =
        Json.object()
            .put("run", folder.toString())
            .put("step", step)
            .put("text", text.description());
    AnalysisJson.fill(object, analysis);
    Path file = run.root().resolve(FILE);
    byte[] bytes = (Json.line(object) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(Storage.disk(), file, channel -> channel.write(ByteBuffer.wrap(bytes)));
    if (json) {
      console.out().println(Json.line(object));
    } else {
      AnalysisText.lines(analysis, text.description()).forEach(console.out()::println);
      console.out().println("all of it is in " + file);
    }
  }
}
