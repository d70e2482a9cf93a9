package org.sigmoe.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.data.StoredTokenizer;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.train.ImportedRun;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe import}: makes a run of weights that PyTorch has written. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Make a run of a safetensors file that the paper's own code, or any other program, has written.",
      "The configuration says what model it is. Tensors are named as in the paper's code, and may be"
          + " f32, f16, bf16 or f64; nothing is written if one is missing, unknown or of another"
          + " shape."
    },
    footer = {
      "",
      "The run is evaluated and trained on as any other. Its optimiser begins anew, and so does its"
          + " data. The way back needs no command: a checkpoint's model.safetensors is such a file."
    })
final class ImportCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The weights, as .safetensors")
  private Path file = Path.of("");

  @Mixin private PresetAndFile beginning = new PresetAndFile();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the new run")
  private Path out = Path.of("");

  @Option(
      names = "--step",
      paramLabel = "N",
      description = "Steps that the weights have been trained for (0)")
  private long step;

  private final Console console;
  private final ConfigFlags flags = new ConfigFlags();

  private ImportCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    ImportCommand command = new ImportCommand(console);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.values());
    return line;
  }

  @Override
  public Integer call() throws IOException {
    if (step < 0) {
      throw new UsageException("--step: must be at least 0, got " + step);
    }
    if (file.toString().matches(".*\\.(pth|pt|bin|ckpt)")) {
      throw new UsageException(
          file
              + " is a pickle of PyTorch, which can run a program when it is read and is not read"
              + " here; save its tensors as safetensors first, as the README shows");
    }
    RunFolders.requireFree(out);
    Configuration configuration = beginning.configuration(flags.settings());
    byte[] yaml = configuration.toYaml().getBytes(StandardCharsets.UTF_8);
    ImportedRun.create(out, yaml, configuration.run().training(), file, step);
    Optional<StoredTokenizer> tokenizer =
        configuration.run().data().path().flatMap(StoredTokenizer::in);
    if (tokenizer.isPresent()) {
      tokenizer.get().keepIn(out);
    }
    console
        .out()
        .printf(
            "imported %s parameters of %s as step %s of %s%n",
            Units.count(new LanguageModel(configuration.run().model()).parameterCount()),
            file,
            Units.count(step),
            out);
    console.out().printf("next     ./sigmoe eval %s%n", out);
    console.out().printf("         ./sigmoe train --resume %s%n", out);
    return ExitCode.DONE;
  }
}
