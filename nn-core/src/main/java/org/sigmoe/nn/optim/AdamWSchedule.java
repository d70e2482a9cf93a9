package org.sigmoe.nn.optim;

/**
 * The three numbers of {@link org.sigmoe.nn.graph.op.Adam}'s schedule in one step, computed in
 * double as PyTorch does.
 *
 * @param stepSize learningRate / (1 - beta1^step)
 * @param correction sqrt(1 - beta2^step)
 * @param decay 1 - learningRate * weightDecay
 */
public record AdamWSchedule(double stepSize, double correction, double decay) {

  /**
   * The numbers of a step.
   *
   * @param step number of the step, from 1
   * @throws IllegalArgumentException if the step is below 1
   */
  public static AdamWSchedule of(AdamW config, long step, double learningRate) {
    if (step < 1) {
      throw new IllegalArgumentException("Steps of an optimiser count from 1, got " + step);
    }
    return new AdamWSchedule(
        learningRate / (1 - Math.pow(config.beta1(), step)),
        Math.sqrt(1 - Math.pow(config.beta2(), step)),
        1 - learningRate * config.weightDecay());
  }
}
