package org.sigmoe.moe.router;

import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;

/**
 * sigma-MoE (Csordas et al. 2023, section 5): scores are sigmoids, which do not compete, and the K
 * largest are the weights.
 */
public record SigmoidRouter() implements Router {
  @Override
  public Routing route(RouterInput input) {
    return Routing.byScore(
        input.masked(Activate.of(Activation.SIGMOID, input.logits(), null, null)), input);
  }
}
