package org.sigmoe.moe.router;

import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.Sinkhorn;
import org.sigmoe.nn.graph.op.Softmax;
import org.sigmoe.nn.graph.op.TopK;

/**
 * S-BASE (Clark et al. 2022): training selects by scores that Sinkhorn's iteration balances over
 * the whole batch, evaluation by the logits themselves. Weights are sigmoids of the logits; no
 * gradient passes through the selection.
 *
 * @param iterations of Sinkhorn, at least 1
 * @param compat in {@link Compat#PAPER_CODE} the signs of the published iteration, which does not
 *     balance sharp logits, each row of the batch apart
 */
public record SinkhornRouter(int iterations, Compat compat) implements Router {

  /** Checks the number of iterations. */
  public SinkhornRouter {
    if (iterations < 1) {
      throw new IllegalArgumentException("iterations: must be at least 1, got " + iterations);
    }
  }

  @Override
  public Routing route(RouterInput input) {
    Value scores = input.training() ? balanced(input) : unbalanced(input.logits());
    Value experts = TopK.of(scores, input.k());
    Value factors = input.masked(Activate.of(Activation.SIGMOID, input.logits(), null, null));
    return new Routing(scores, experts, GatherColumns.of(factors, experts), input.logits());
  }

  private Value balanced(RouterInput input) {
    Shape shape = input.logits().shape();
    Value scores =
        switch (compat) {
          case NONE -> Sinkhorn.of(input.logits(), iterations, 1, Sinkhorn.Form.CORRECT);
          case PAPER_CODE ->
              Sinkhorn.of(
                  input.logits(),
                  iterations,
                  shape.rank() == 3 ? shape.size(0) : 1,
                  Sinkhorn.Form.PAPER_CODE);
        };
    // The logarithm of a score may be below the 0 of what is dropped; the score itself is not.
    return input.mask() == null
        ? scores
        : input.masked(Activate.of(Activation.EXP, scores, null, null));
  }

  private Value unbalanced(Value logits) {
    return switch (compat) {
      case NONE -> logits;
      case PAPER_CODE -> Softmax.of(logits, 1);
    };
  }
}
