package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.compare.ComparisonPlan;
import org.sigmoe.cli.compare.ComparisonResults;
import org.sigmoe.cli.compare.RunState;
import org.sigmoe.cli.config.Continuation;
import org.sigmoe.cli.config.RunConfig;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.Table;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.run.Invocation;
import org.sigmoe.cli.run.RunTraining;
import org.sigmoe.cli.run.TimeLimit;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.train.TrainingOutcome;
import picocli.CommandLine.Option;

/**
 * The runs of a plan one after the other, with the flags of all commands that train several: what
 * is finished is not trained again, what was begun goes on, one that fails does not keep the others
 * from being trained, and at the end there is a table of what came out.
 */
final class RunSeries {
  @Option(
      names = "--dry-run",
      description = "List the runs with their parameters (of the configured vocabulary) and stop")
  private boolean dryRun;

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description = "Stop and save after this long over all runs, as 8h30m or PT8H30M; exit code 0")
  private @Nullable String maxTime;

  @Option(names = "--json", description = "Print the results as one JSON object, and nothing else")
  private boolean json;

  @Option(names = "--quiet", description = "Print the table, warnings and errors only")
  private boolean quiet;

  private final Console console;
  private final Invocation invocation;

  RunSeries(Console console, Invocation invocation) {
    this.console = console;
    this.invocation = invocation;
  }

  /** How a run ended. */
  private enum Ending {
    DONE,
    STOPPED,
    TIME_OVER
  }

  /**
   * Trains, and shows what came out.
   *
   * @return the exit code: of the first run that failed, if one did
   */
  int train(ComparisonPlan plan) throws IOException {
    TimeLimit limit = maxTime == null ? TimeLimit.none() : TimeLimit.startingNow(maxTime);
    List<ComparisonPlan.Run> runs = plan.runs();
    List<RunState> states = new ArrayList<>();
    for (ComparisonPlan.Run run : runs) {
      states.add(
          RunState.of(run)); // a folder that cannot be used is found before hours of training
    }
    if (dryRun) {
      list(plan, runs, states);
      return ExitCode.DONE;
    }
    int exitCode = ExitCode.DONE;
    int done = 0;
    for (int i = 0; i < runs.size(); i++) {
      String title =
          "run %d of %d: %s, seed %d"
              .formatted(i + 1, runs.size(), runs.get(i).candidate().name(), runs.get(i).seed());
      try {
        switch (train(runs.get(i), title, limit)) {
          case DONE -> done++;
          case STOPPED -> {
            return ExitCode.INTERRUPTED;
          }
          case TIME_OVER -> {
            tell("time over; the same command with --out %s goes on".formatted(plan.folder()));
            return exitCode;
          }
        }
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        Failure failure = Failure.of(e);
        console.err().println("sigmoe: " + title + ", failed: " + failure.message());
        exitCode = exitCode == ExitCode.DONE ? failure.exitCode() : exitCode;
      }
    }
    if (done > 0) {
      results(plan);
    }
    return exitCode;
  }

  private Ending train(ComparisonPlan.Run run, String title, TimeLimit limit) throws IOException {
    RunState state = RunState.of(run);
    if (state != RunState.FINISHED && limit.isOver()) {
      return Ending.TIME_OVER;
    }
    return switch (state) {
      case FINISHED -> {
        tell(title + ", is done already");
        yield Ending.DONE;
      }
      case NEW -> {
        tell(title);
        yield train(run, limit, session -> session.start(run.candidate().configuration()));
      }
      case BEGUN -> {
        tell(title + ", goes on");
        Continuation continuation =
            Continuation.of(new RunLayout(run.folder()).config(), Settings.empty());
        yield train(run, limit, session -> session.resume(continuation));
      }
    };
  }

  private Ending train(ComparisonPlan.Run run, TimeLimit limit, RunTraining.Training training)
      throws IOException {
    TrainingOutcome outcome =
        RunTraining.run(
            run.folder(),
            TrainingViews.of(console, quiet || json),
            invocation,
            ExitCode.INTERRUPTED,
            limit,
            training,
            (ended, notes) -> {
              if (ended.ending() != TrainingOutcome.Ending.COMPLETED) {
                notes.accept(
                    "stopped and saved at step %s; the same command with --out %s goes on"
                        .formatted(
                            Units.count(ended.step()), run.folder().resolve("../..").normalize()));
              }
            });
    return switch (outcome.ending()) {
      case COMPLETED -> Ending.DONE;
      case STOPPED -> Ending.STOPPED;
      case TIME_OVER -> Ending.TIME_OVER;
    };
  }

  private void results(ComparisonPlan plan) throws IOException {
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
  }

  private void list(ComparisonPlan plan, List<ComparisonPlan.Run> runs, List<RunState> states) {
    ObjectNode object = Json.object().put("folder", plan.folder().toString());
    ArrayNode array = object.putArray("runs");
    Table table = new Table("run", "state", "parameters", "tokens", "folder").leftAligned(1);
    table.leftAligned(4);
    for (int i = 0; i < runs.size(); i++) {
      ComparisonPlan.Run run = runs.get(i);
      RunConfig config = run.candidate().configuration().run();
      String state = states.get(i).name().toLowerCase(Locale.ROOT);
      long parameters = new LanguageModel(config.model()).parameterCount();
      long tokens = config.steps() * config.training().tokensPerStep();
      String folder = plan.folder().relativize(run.folder()).toString();
      table.row(
          run.candidate().name() + ", seed " + run.seed(),
          state,
          Units.count(parameters),
          Units.count(tokens),
          folder);
      array
          .addObject()
          .put("name", run.candidate().name())
          .put("seed", run.seed())
          .put("state", state)
          .put("parameters", parameters)
          .put("tokens", tokens)
          .put("folder", folder);
    }
    if (json) {
      console.out().println(Json.line(object));
    } else {
      table.lines().forEach(console.out()::println);
      tell("\n%d runs in %s".formatted(runs.size(), plan.folder()));
    }
  }

  /** Says how far the runs are. */
  private void tell(String line) {
    if (!quiet && !json) {
      console.out().println(line);
    }
  }
}
