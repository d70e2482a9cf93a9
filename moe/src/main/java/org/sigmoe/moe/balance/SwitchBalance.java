package org.sigmoe.moe.balance;

import org.jspecify.annotations.Nullable;
import org.sigmoe.moe.router.Compat;
import org.sigmoe.moe.router.Routing;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Fractions;
import org.sigmoe.nn.graph.op.LogMeanSoftmax;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.Scale;

/**
 * Weight times E times the sum over experts of f p, where f is the fraction of slots that an expert
 * got, a constant to the gradient, and p its mean probability (Fedus et al. 2021; Csordas et al.
 * 2023, eq. 15 to 17). It is the weight itself where all are used alike.
 *
 * @param weight at least 0; 0 for no loss
 * @param compat in {@link Compat#PAPER_CODE} the mean over experts of f p, which is E^2 times less
 */
public record SwitchBalance(double weight, Compat compat) implements Balance {

  /** Checks the weight, which users call {@code balance}. */
  public SwitchBalance {
    Weights.check("balance", weight);
  }

  @Override
  public @Nullable Value loss(Routing routing, Value counts) {
    if (weight == 0) {
      return null;
    }
    Value p = Activate.of(Activation.EXP, LogMeanSoftmax.of(routing.balanced()), null, null);
    Value mean = Mean.of(Multiply.of(p, Fractions.of(counts)));
    double experts = counts.shape().elements();
    double factor =
        switch (compat) {
          case NONE -> experts * experts;
          case PAPER_CODE -> 1;
        };
    return Scale.of(mean, (float) (weight * factor));
  }
}
