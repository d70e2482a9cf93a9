package org.sigmoe.moe.balance;

import org.jspecify.annotations.Nullable;
import org.sigmoe.moe.router.Routing;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.LogMeanSoftmax;
import org.sigmoe.nn.graph.op.NegativeEntropy;
import org.sigmoe.nn.graph.op.Scale;

/**
 * Weight times the negative entropy of the mean probability of each expert, the mean being taken
 * over the whole batch first (Csordas et al. 2023, eq. 20 and 21). At least -log E.
 *
 * @param weight gamma, at least 0; 0 for no loss
 */
public record EntropyBalance(double weight) implements Balance {

  /** Checks the weight, which users call {@code entropy}. */
  public EntropyBalance {
    Weights.check("entropy", weight);
  }

  @Override
  public @Nullable Value loss(Routing routing, Value counts) {
    return weight == 0
        ? null
        : Scale.of(NegativeEntropy.of(LogMeanSoftmax.of(routing.balanced())), (float) weight);
  }
}
