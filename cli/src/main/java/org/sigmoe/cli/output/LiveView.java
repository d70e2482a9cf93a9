package org.sigmoe.cli.output;

import java.io.PrintStream;
import org.sigmoe.xl.train.TrainingEvent;

/** A training as one live line of a terminal; validations and notes stay above it. */
public final class LiveView implements TrainingView {
  private final LiveLine line;

  /** A view on a terminal. */
  public LiveView(PrintStream terminal) {
    this.line = new LiveLine(terminal, System::nanoTime);
  }

  @Override
  public synchronized void note(String text) {
    line.above(text);
  }

  @Override
  public synchronized void progress(String text) {
    line.show(text);
  }

  @Override
  public synchronized void warn(String text) {
    line.above("warning: " + text);
  }

  @Override
  public synchronized void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Started started -> note(TrainingText.started(started));
      case TrainingEvent.StepDone step -> progress(TrainingText.step(step));
      case TrainingEvent.Validating validating -> progress(TrainingText.validating(validating));
      case TrainingEvent.Validated validated -> {
        line.clear();
        note(TrainingText.validated(validated));
      }
      case TrainingEvent.Saved _ -> {} // as often as validations; the log has them
      case TrainingEvent.Warning(String text) -> warn(text);
    }
  }

  @Override
  public synchronized void end() {
    line.leave();
  }
}
