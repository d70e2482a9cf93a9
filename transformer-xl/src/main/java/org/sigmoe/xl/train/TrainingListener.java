package org.sigmoe.xl.train;

/** Hears what happens in a training, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {

  /** Hears nothing. */
  TrainingListener NONE = event -> {};

  /** Something happened; training goes on when this returns. */
  void on(TrainingEvent event);
}
