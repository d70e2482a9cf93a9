package org.sigmoe.cli.config;

import java.util.Optional;
import org.sigmoe.nn.optim.LearningRateSchedule;

/**
 * The learning rate of a training.
 *
 * @param schedule what it does after the warm-up
 * @param peak the highest rate, above 0
 * @param minimum where a cosine ends, in [0, peak]
 * @param warmUp steps of a linear rise to the peak; 0 for none
 * @param cosineSteps steps of the cosine, counted from the end of the warm-up; where it is not
 *     given, all steps after the warm-up
 */
public record LearningRateConfig(
    Schedule schedule, double peak, double minimum, long warmUp, Optional<Long> cosineSteps) {

  /** What the learning rate does after the warm-up. */
  public enum Schedule {
    /** Half a cosine from the peak to the minimum. */
    COSINE,
    /** It stays at the peak. */
    CONSTANT
  }

  /** Checks the ranges. */
  public LearningRateConfig {
    if (!(peak > 0) || Double.isInfinite(peak)) {
      throw new IllegalArgumentException("peak: must be above 0 and finite, got " + peak);
    }
    if (!(minimum >= 0 && minimum <= peak)) {
      throw new IllegalArgumentException(
          "minimum: must be at least 0 and at most the peak, %s, got %s".formatted(peak, minimum));
    }
    Ranges.requireAtLeast(0, "warmUp", warmUp);
    cosineSteps.ifPresent(steps -> Ranges.requireAtLeast(1, "cosineSteps", steps));
  }

  /**
   * The rate of each step of a training.
   *
   * @param steps of the training, at least 1
   * @throws IllegalArgumentException if the cosine is shorter than what is left after the warm-up:
   *     it would rise again
   */
  public LearningRateSchedule schedule(long steps) {
    LearningRateSchedule main =
        switch (schedule) {
          case CONSTANT -> new LearningRateSchedule.Constant(peak);
          case COSINE -> new LearningRateSchedule.Cosine(peak, minimum, cosineSteps(steps));
        };
    return warmUp == 0 ? main : new LearningRateSchedule.WarmUp(warmUp, main);
  }

  private long cosineSteps(long steps) {
    long rest = Math.max(1, steps - warmUp);
    long given = cosineSteps.orElse(rest);
    if (given < rest) {
      throw new IllegalArgumentException(
          "learningRate.cosineSteps: must be at least %d, the steps after the warm-up, got %d"
              .formatted(rest, given));
    }
    return given;
  }
}
