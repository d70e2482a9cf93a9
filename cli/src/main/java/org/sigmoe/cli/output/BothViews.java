package org.sigmoe.cli.output;

import org.sigmoe.xl.train.TrainingEvent;

/**
 * Shows a training twice.
 *
 * @param first sees everything first
 * @param second sees everything after it
 */
public record BothViews(TrainingView first, TrainingView second) implements TrainingView {

  @Override
  public void note(String line) {
    first.note(line);
    second.note(line);
  }

  @Override
  public void progress(String line) {
    first.progress(line);
    second.progress(line);
  }

  @Override
  public void warn(String line) {
    first.warn(line);
    second.warn(line);
  }

  @Override
  public void on(TrainingEvent event) {
    first.on(event);
    second.on(event);
  }

  @Override
  public void end() {
    first.end();
    second.end();
  }
}
