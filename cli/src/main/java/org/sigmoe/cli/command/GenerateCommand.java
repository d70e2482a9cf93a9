package org.sigmoe.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.LiveLine;
import org.sigmoe.cli.run.Checkpoints;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.RunTokenizer;
import org.sigmoe.cli.run.TrainedModel;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.generate.Generator;
import org.sigmoe.xl.generate.SamplingConfig;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.tokenizer.Tokenizer;
import org.sigmoe.xl.tokenizer.TokenizerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe generate}: continues a text with a trained model. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Continue a text with the model of a run.",
      "Standard output gets the continuation alone, as it grows."
    },
    footer = {"", "Example: sigmoe generate runs/java --prompt 'public class ' --temperature 0.8"})
final class GenerateCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Parameters(paramLabel = "DIR", description = "Folder of the run")
  private Path folder = Path.of("");

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What comes before; - reads it from standard input")
  private String prompt = "";

  @Option(names = "--length", paramLabel = "N", description = "Tokens to generate (500)")
  private long length = 500;

  @Option(names = "--seed", paramLabel = "N", description = "The same seed gives the same text (1)")
  private long seed = 1;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "Below 1: likelier tokens; 0: always the likeliest (1)")
  private @Nullable Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K likeliest tokens only")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the fewest tokens that reach probability P together")
  private @Nullable Double topP;

  @Option(
      names = "--memory",
      paramLabel = "N",
      description = "Earlier tokens that the model sees (as many as it saw at most in training)")
  private @Nullable Integer memory;

  @Option(
      names = "--checkpoint",
      paramLabel = "WHICH",
      description = "best (default), last, or the number of a step")
  private String checkpoint = "best";

  private final Console console;
  private final ConfigFlags flags = new ConfigFlags();

  private GenerateCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    GenerateCommand command = new GenerateCommand(console);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.ENGINE);
    return line;
  }

  @Override
  public Integer call() throws IOException {
    RunLayout run = RunFolders.existing(folder);
    Configuration config = Configuration.ofRun(run.config(), flags.settings());
    SamplingConfig sampling = Arguments.checked(this::sampling);
    Checkpoints which = Checkpoints.parse(checkpoint);
    int remembered = memory(config.run().model());
    if (length < 0) {
      throw new UsageException("--length: must be at least 0, got " + length);
    }
    Tokenizer tokenizer = RunTokenizer.of(run, config);
    String text = prompt.equals(STANDARD_INPUT) ? standardInput() : prompt;
    LiveLine line = new LiveLine(console.err(), System::nanoTime);
    Consumer<String> notes = note -> line.above("sigmoe: " + note);
    Consumer<String> progress = console.errIsTerminal() ? line::show : note -> {};
    try (TrainedModel trained = TrainedModel.open(run, config, which, notes, progress);
        Generator generator =
            Generator.prepare(trained.model(), trained.engine(), tokenizer, remembered)) {
      line.clear();
      generator.generate(text, length, sampling, this::print);
    } catch (TokenizerException e) {
      throw new UsageException("--prompt: " + e.getMessage());
    }
    if (console.outIsTerminal()) {
      console.out().println();
    }
    return ExitCode.DONE;
  }

  private void print(String piece) {
    console.out().print(piece);
    if (console.out().checkError()) {
      throw new UncheckedIOException(
          new IOException("standard output was closed before all was written"));
    }
  }

  private SamplingConfig sampling() {
    SamplingConfig sampling = SamplingConfig.ofSeed(seed);
    sampling = temperature == null ? sampling : sampling.withTemperature(temperature);
    sampling = topK == null ? sampling : sampling.withTopK(topK);
    return topP == null ? sampling : sampling.withTopP(topP);
  }

  private int memory(ModelConfig model) {
    int tokens = memory == null ? Generator.memoryOfTraining(model) : memory;
    if (tokens < 1) {
      throw new UsageException("--memory: must be at least 1, got " + tokens);
    }
    return tokens;
  }

  private String standardInput() throws IOException {
    return new String(console.in().readAllBytes(), StandardCharsets.UTF_8);
  }
}
