package org.sigmoe.moe.balance;

import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.LogSumExp;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.Scale;

/**
 * Weight times the mean over tokens of the squared log-sum-exp of the router's logits, which keeps
 * these small (Zoph et al. 2022, ST-MoE, eq. 5). It balances nothing and goes with any router.
 *
 * @param weight at least 0; 0 for no loss
 */
public record RouterZLoss(double weight) {

  /** Checks the weight, which users call {@code zLoss}. */
  public RouterZLoss {
    Weights.check("zLoss", weight);
  }

  /**
   * Appends the loss.
   *
   * @param logits [.., E]
   * @return [1], weighted; null where there is none
   */
  public @Nullable Value loss(Value logits) {
    if (weight == 0) {
      return null;
    }
    Value sums = LogSumExp.of(logits);
    return Scale.of(Mean.of(Multiply.of(sums, sums)), (float) weight);
  }
}
