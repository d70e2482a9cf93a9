package org.sigmoe.moe.router;

import org.sigmoe.nn.graph.op.Softmax;

/**
 * Softmax before top-K: the K largest probabilities are the weights, not normalised again (Fedus et
 * al. 2021 with K = 1).
 */
public record SoftmaxRouter() implements Router {
  @Override
  public Routing route(RouterInput input) {
    return Routing.byScore(input.masked(Softmax.of(input.logits(), 1)), input);
  }
}
