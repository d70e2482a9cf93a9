package org.sigmoe.nn.optim;

/** The learning rate of each step. */
public sealed interface LearningRateSchedule {

  /**
   * The learning rate of a step.
   *
   * @param step number of the step, from 0
   */
  double at(long step);

  /**
   * The same rate in every step.
   *
   * @param rate above 0
   */
  record Constant(double rate) implements LearningRateSchedule {
    /** Checks the rate. */
    public Constant {
      requirePositive(rate);
    }

    @Override
    public double at(long step) {
      return rate;
    }
  }

  /**
   * Half a cosine from the peak down to a minimum: minimum + (peak - minimum) * (1 + cos(pi * step
   * / steps)) / 2, the closed form of PyTorch's {@code CosineAnnealingLR} with T_max = steps. As
   * there, the rate rises again after {@code steps}.
   *
   * @param peak rate of step 0, above 0
   * @param minimum rate of step {@code steps}, in [0, peak]
   * @param steps T_max, at least 1
   */
  record Cosine(double peak, double minimum, long steps) implements LearningRateSchedule {
    /** Checks the ranges. */
    public Cosine {
      requirePositive(peak);
      if (!(minimum >= 0 && minimum <= peak)) {
        throw new IllegalArgumentException(
            "The minimum of a cosine schedule must be in [0, %s], got %s".formatted(peak, minimum));
      }
      if (steps < 1) {
        throw new IllegalArgumentException("A cosine schedule needs at least 1 step, got " + steps);
      }
    }

    @Override
    public double at(long step) {
      return minimum + (peak - minimum) * (1 + Math.cos(Math.PI * step / steps)) / 2;
    }
  }

  /**
   * A linear rise to the first rate of another schedule, whose clock starts after it: (step + 1) /
   * steps of that rate while step is below {@code steps}, then {@code after} from its step 0 on.
   *
   * @param steps of the rise, at least 1
   * @param after what follows
   */
  record WarmUp(long steps, LearningRateSchedule after) implements LearningRateSchedule {
    /** Checks the number of steps. */
    public WarmUp {
      if (steps < 1) {
        throw new IllegalArgumentException("A warm-up needs at least 1 step, got " + steps);
      }
    }

    @Override
    public double at(long step) {
      return step < steps ? after.at(0) * (step + 1) / steps : after.at(step - steps);
    }
  }

  private static void requirePositive(double rate) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("A learning rate must be above 0, got " + rate);
    }
  }
}
