package org.sigmoe.moe;

import org.sigmoe.moe.balance.RouterZLoss;
import org.sigmoe.nn.layer.Default;

/**
 * What any mixture can have, whatever its router, and none has in the paper.
 *
 * @param activation of the hidden units
 * @param biases of the experts
 * @param sharedSize width of an expert that every token uses with the weight 1, beside its K; 0 for
 *     none
 * @param zLoss weight of the router z-loss ({@link RouterZLoss}), at least 0; 0 for none
 * @param capacityFactor an expert takes at most this times N K / E slots of a training batch,
 *     rounded up; the output of what comes later is left out. 0 for no limit. Evaluation has none:
 *     there a token's result must not depend on the tokens around it
 */
public record ExpertOptions(
    @Default("relu") Nonlinearity activation,
    @Default("none") Biases biases,
    @Default("0") int sharedSize,
    @Default("0") double zLoss,
    @Default("0") double capacityFactor) {

  /** Checks the ranges. */
  public ExpertOptions {
    Ranges.requireAtLeast(0, "sharedSize", sharedSize);
    new RouterZLoss(zLoss);
    if (!(capacityFactor >= 0 && capacityFactor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "capacityFactor: must be at least 0 and finite, got " + capacityFactor);
    }
  }

  /** As in the paper. */
  public static ExpertOptions defaults() {
    return new ExpertOptions(Nonlinearity.RELU, Biases.NONE, 0, 0, 0);
  }
}
