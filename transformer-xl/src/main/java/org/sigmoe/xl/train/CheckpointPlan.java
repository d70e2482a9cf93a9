package org.sigmoe.xl.train;

import org.sigmoe.xl.checkpoint.Retention;

/**
 * When a run saves checkpoints, beside those that it always saves: after the best validation so
 * far, after the last step, and when it is stopped.
 *
 * @param everySteps steps from one checkpoint to the next; 0 for none by steps
 * @param everySeconds seconds after which the next step is followed by a checkpoint; 0 for none by
 *     time
 * @param keepLast how many of the newest checkpoints stay, at least 1; the best one stays as well
 */
public record CheckpointPlan(long everySteps, long everySeconds, int keepLast) {

  /** Checks the ranges. */
  public CheckpointPlan {
    TrainingConfig.requireAtLeast(0, "checkpoints everySteps", everySteps);
    TrainingConfig.requireAtLeast(0, "checkpoints everySeconds", everySeconds);
    TrainingConfig.requireAtLeast(1, "checkpoints keepLast", keepLast);
  }

  /** What {@link org.sigmoe.xl.checkpoint.RunDirectory} needs to know. */
  public Retention retention() {
    return new Retention(keepLast);
  }
}
