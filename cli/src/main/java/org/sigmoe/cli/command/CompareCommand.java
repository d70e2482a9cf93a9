package org.sigmoe.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.compare.Candidate;
import org.sigmoe.cli.compare.ComparisonPlan;
import org.sigmoe.cli.compare.ComparisonResults;
import org.sigmoe.cli.compare.RunState;
import org.sigmoe.cli.config.Continuation;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.run.Invocation;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.RunTraining;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.train.TrainingOutcome;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe compare}: trains several configurations alike and puts them side by side. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Train several configurations on the same data, seeds and order of tokens, and compare them.",
      "Every run has its folder. Given the same --out again, finished runs are not trained again and"
          + " interrupted ones go on."
    },
    footer = {
      "",
      "Flags go over every configuration. The folder gets comparison.json, comparison.md, and as SVG"
          + " and PNG the plots curves (bits per token over the steps) and flops (bits per token"
          + " against FLOPs of the feed-forward blocks)."
    })
final class CompareCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "CONFIG",
      arity = "1..*",
      completionCandidates = PresetNames.class,
      description = "Presets and YAML files")
  private List<String> configs = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      split = ",",
      description = "Seeds, a run of each configuration for each (1,2,3)")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the comparison (runs/<time>-compare)")
  private @Nullable Path out;

  @Option(
      names = "--baseline",
      paramLabel = "NAME",
      description = "The configuration that the others are compared with (the first)")
  private String baseline = "";

  @Option(
      names = "--may-differ",
      paramLabel = "KEY",
      split = ",",
      description = "Compare although this key of the configurations differs, as model.context")
  private List<String> mayDiffer = List.of();

  @Option(names = "--json", description = "Print the results as one JSON object, and nothing else")
  private boolean json;

  @Option(names = "--quiet", description = "Print the table, warnings and errors only")
  private boolean quiet;

  private final Console console;
  private final Invocation invocation;
  private final ConfigFlags flags = new ConfigFlags();

  private CompareCommand(Console console, Invocation invocation) {
    this.console = console;
    this.invocation = invocation;
  }

  static CommandLine create(Console console, Invocation invocation) {
    CompareCommand command = new CompareCommand(console, invocation);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.values());
    return line;
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = flags.settings();
    if (settings.get("seed").isPresent()) {
      throw new UsageException("--seed is of one run; give --seeds");
    }
    ComparisonPlan plan =
        ComparisonPlan.of(
            out == null ? RunFolders.named(LocalDateTime.now(), "compare") : out,
            configs.stream().map(word -> candidate(word, settings)).toList(),
            baseline,
            seeds,
            mayDiffer);
    List<ComparisonPlan.Run> runs = plan.runs();
    for (ComparisonPlan.Run run : runs) {
      RunState.of(run); // a folder that cannot be used is found before hours of training
    }
    for (int i = 0; i < runs.size(); i++) {
      if (train(runs.get(i), "%d of %d".formatted(i + 1, runs.size())) == Ending.STOPPED) {
        return ExitCode.INTERRUPTED;
      }
    }
    ComparisonResults results =
        ComparisonResults.write(
            plan, warning -> console.err().println("sigmoe: warning: " + warning));
    if (json) {
      console.out().println(Json.line(results.json()));
    } else {
      tell("");
      results.table().forEach(console.out()::println);
      tell("\nresults  " + plan.folder());
    }
    return ExitCode.DONE;
  }

  private static Candidate candidate(String word, Settings settings) {
    ConfigArgument argument = ConfigArgument.of(word);
    if (argument instanceof ConfigArgument.Run) {
      throw new UsageException(
          "'%s' is a folder; name presets and YAML files (its config.yaml is one)".formatted(word));
    }
    return new Candidate(argument.label(), argument.configuration(settings));
  }

  /** How a run ended. */
  private enum Ending {
    DONE,
    STOPPED
  }

  private Ending train(ComparisonPlan.Run run, String number) throws IOException {
    String title = "run %s: %s, seed %d".formatted(number, run.candidate().name(), run.seed());
    return switch (RunState.of(run)) {
      case FINISHED -> {
        tell(title + ", is done already");
        yield Ending.DONE;
      }
      case NEW -> {
        tell(title);
        yield train(run, session -> session.start(run.candidate().configuration()));
      }
      case BEGUN -> {
        tell(title + ", goes on");
        Continuation continuation =
            Continuation.of(new RunLayout(run.folder()).config(), Settings.empty());
        yield train(run, session -> session.resume(continuation));
      }
    };
  }

  private Ending train(ComparisonPlan.Run run, RunTraining.Training training) throws IOException {
    TrainingOutcome outcome =
        RunTraining.run(
            run.folder(),
            TrainingViews.of(console, quiet || json),
            invocation,
            ExitCode.INTERRUPTED,
            training,
            (ended, notes) -> {
              if (ended.ending() == TrainingOutcome.Ending.STOPPED) {
                notes.accept(
                    "stopped and saved at step %s; the same command with --out %s goes on"
                        .formatted(
                            Units.count(ended.step()), run.folder().resolve("../..").normalize()));
              }
            });
    return switch (outcome.ending()) {
      case COMPLETED -> Ending.DONE;
      case STOPPED -> Ending.STOPPED;
    };
  }

  /** Says how far the comparison is. */
  private void tell(String line) {
    if (!quiet && !json) {
      console.out().println(line);
    }
  }
}
