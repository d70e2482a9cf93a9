package org.sigmoe.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.sigmoe.cli.output.BothViews;
import org.sigmoe.cli.output.LineView;
import org.sigmoe.cli.output.TrainingView;
import org.sigmoe.xl.train.TrainingOutcome;

/** A training that is shown, logged in its folder, and saved when the process is asked to end. */
public final class RunTraining {
  private static final Duration LOG_PAUSE = Duration.ofSeconds(60);

  private RunTraining() {}

  /** Trains, or goes on with training. */
  @FunctionalInterface
  public interface Training {
    /** Does it. */
    TrainingOutcome in(TrainingSession session) throws IOException;
  }

  /**
   * Trains.
   *
   * @param folder of the run
   * @param shown shows it to the user
   * @param invocation the command that trains, which the log names
   * @param interruptedExitCode of the process if it is asked to end
   * @param limit ends it early
   * @param ended tells how the training ended, before a process that was asked to end does so
   */
  public static TrainingOutcome run(
      Path folder,
      TrainingView shown,
      Invocation invocation,
      int interruptedExitCode,
      TimeLimit limit,
      Training training,
      Ended ended)
      throws IOException {
    RunLog log = new RunLog();
    log.line("command  " + invocation.commandLine());
    TrainingView view = new BothViews(shown, new LineView(log::line, System::nanoTime, LOG_PAUSE));
    try (Interruption interruption =
        Interruption.install(
            () -> shown.note("finishing the step and saving ..."), interruptedExitCode)) {
      limit.applyTo(interruption.stop());
      TrainingOutcome outcome;
      try {
        outcome = training.in(new TrainingSession(folder, view, log, interruption));
      } finally {
        view.end();
      }
      ended.tell(outcome, view::note);
      return outcome;
    }
  }

  /** Tells how a training ended. */
  @FunctionalInterface
  public interface Ended {
    /** Tells it by notes. */
    void tell(TrainingOutcome outcome, Consumer<String> notes);
  }
}
