package org.sigmoe.cli.output;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.sigmoe.xl.train.TrainingEvent;

/**
 * A training as plain lines, for files and pipes. Of the steps, it shows the first, the last and
 * one from time to time between.
 */
public final class LineView implements TrainingView {
  private final Consumer<String> lines;
  private final LongSupplier nanoTime;
  private final long pause;
  private boolean anyStep;
  private long lastStep;

  /**
   * A view.
   *
   * @param lines takes each line, without a line break
   * @param nanoTime the clock, as {@link System#nanoTime}
   * @param pause least time from one line about a step to the next
   */
  public LineView(Consumer<String> lines, LongSupplier nanoTime, Duration pause) {
    this.lines = lines;
    this.nanoTime = nanoTime;
    this.pause = pause.toNanos();
  }

  @Override
  public void note(String line) {
    lines.accept(line);
  }

  @Override
  public void progress(String line) {}

  @Override
  public void warn(String line) {
    lines.accept("warning: " + line);
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Started started -> note(TrainingText.started(started));
      case TrainingEvent.StepDone step -> step(step);
      case TrainingEvent.Validating _ -> {}
      case TrainingEvent.Validated validated -> note(TrainingText.validated(validated));
      case TrainingEvent.Saved saved -> note(TrainingText.saved(saved));
      case TrainingEvent.Warning(String text) -> warn(text);
    }
  }

  private void step(TrainingEvent.StepDone step) {
    long now = nanoTime.getAsLong();
    if (!anyStep || step.step() == step.steps() || now - lastStep >= pause) {
      anyStep = true;
      lastStep = now;
      lines.accept(TrainingText.step(step));
    }
  }

  @Override
  public void end() {}
}
