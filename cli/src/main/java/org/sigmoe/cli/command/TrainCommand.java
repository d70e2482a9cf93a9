package org.sigmoe.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.Continuation;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.JsonView;
import org.sigmoe.cli.output.TrainingView;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.run.Invocation;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.RunTraining;
import org.sigmoe.cli.run.TimeLimit;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.train.TrainingOutcome;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sigmoe train}: trains a model in the folder of a run. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Train a model.",
      "Without flags: the preset tiny, on the Java sources that come with the JDK, in a new folder"
          + " below runs/. Ctrl-C saves; --resume goes on."
    },
    footer = {
      "",
      "Flags go over --config, which goes over --preset. The folder of the run keeps the whole"
          + " configuration as config.yaml, metrics.jsonl, TensorBoard events, log.txt and the"
          + " checkpoints."
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private PresetAndFile beginning = new PresetAndFile();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the new run (runs/<time>-<name>)")
  private @Nullable Path out;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with the run in this folder from its newest checkpoint")
  private @Nullable Path resume;

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description =
          "Stop and save after this long, as 8h30m or PT8H30M; --resume goes on (exit code 0)")
  private @Nullable String maxTime;

  @Option(names = "--json", description = "Print one JSON object a line")
  private boolean json;

  @Option(names = "--quiet", description = "Print warnings and errors only")
  private boolean quiet;

  private final Console console;
  private final Invocation invocation;
  private final ConfigFlags flags = new ConfigFlags();

  private TrainCommand(Console console, Invocation invocation) {
    this.console = console;
    this.invocation = invocation;
  }

  static CommandLine create(Console console, Invocation invocation) {
    TrainCommand command = new TrainCommand(console, invocation);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.values());
    return line;
  }

  @Override
  public Integer call() throws IOException {
    if (json && quiet) {
      throw new UsageException("--json and --quiet exclude each other");
    }
    return resume == null ? start() : resume(resume);
  }

  private int start() throws IOException {
    Configuration configuration = beginning.configuration(flags.settings());
    Path folder = out == null ? RunFolders.named(LocalDateTime.now(), beginning.name()) : out;
    RunFolders.requireFree(folder);
    return train(folder, session -> session.start(configuration));
  }

  private int resume(Path folder) throws IOException {
    if (beginning.given() || out != null) {
      throw new UsageException(
          "--resume takes the configuration and the folder of the run; leave --preset, --config and"
              + " --out away (single flags may change it)");
    }
    Continuation continuation =
        Continuation.of(RunFolders.existing(folder).config(), flags.settings());
    return train(folder, session -> session.resume(continuation));
  }

  private int train(Path folder, RunTraining.Training training) throws IOException {
    TimeLimit limit = maxTime == null ? TimeLimit.none() : TimeLimit.startingNow(maxTime);
    TrainingOutcome outcome =
        RunTraining.run(
            folder,
            view(folder),
            invocation,
            ExitCode.INTERRUPTED,
            limit,
            training,
            (ended, notes) -> tell(folder, ended, notes));
    return switch (outcome.ending()) {
      // Done as it was asked to; what starts the next part after it wants a success.
      case COMPLETED, TIME_OVER -> ExitCode.DONE;
      case STOPPED -> ExitCode.INTERRUPTED;
    };
  }

  private static void tell(Path folder, TrainingOutcome outcome, Consumer<String> notes) {
    switch (outcome.ending()) {
      case COMPLETED -> {
        notes.accept(completed(outcome));
        notes.accept("next     ./sigmoe generate " + folder + " --prompt TEXT");
      }
      case STOPPED -> notes.accept("stopped" + saved(folder, outcome));
      case TIME_OVER -> notes.accept("time over: stopped" + saved(folder, outcome));
    }
  }

  private static String saved(Path folder, TrainingOutcome outcome) {
    return " and saved at step %s, after %s tokens; go on with: ./sigmoe train --resume %s"
        .formatted(Units.count(outcome.step()), Units.count(outcome.tokensSeen()), folder);
  }

  private static String completed(TrainingOutcome outcome) {
    return "done     %s steps, %s tokens in %s%s"
        .formatted(
            Units.count(outcome.step()),
            Units.count(outcome.tokensSeen()),
            Units.duration(outcome.elapsed()),
            outcome
                .best()
                .map(
                    best ->
                        "; best validation %s bits/token, at step %s"
                            .formatted(
                                Units.bits(best.loss() / Math.log(2)), Units.count(best.step())))
                .orElse(""));
  }

  private TrainingView view(Path folder) {
    return json
        ? new JsonView(folder, console.out(), console.err())
        : TrainingViews.of(console, quiet);
  }
}
