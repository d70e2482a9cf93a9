package org.sigmoe.cli.output;

import java.io.PrintStream;
import org.sigmoe.xl.train.TrainingEvent;

/** Shows nothing of a training but warnings. */
public final class QuietView implements TrainingView {
  private final PrintStream err;

  /** A view that writes warnings to {@code err}. */
  public QuietView(PrintStream err) {
    this.err = err;
  }

  @Override
  public void note(String line) {}

  @Override
  public void progress(String line) {}

  @Override
  public void warn(String line) {
    err.println("sigmoe: warning: " + line);
  }

  @Override
  public void on(TrainingEvent event) {
    if (event instanceof TrainingEvent.Warning(String text)) {
      warn(text);
    }
  }

  @Override
  public void end() {}
}
