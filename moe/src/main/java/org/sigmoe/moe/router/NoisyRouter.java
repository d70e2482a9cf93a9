package org.sigmoe.moe.router;

import java.util.Objects;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.DropoutSite;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.GaussianNoise;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.Softmax;
import org.sigmoe.nn.graph.op.TopK;

/**
 * Noisy top-K gating (Shazeer et al. 2017; Csordas et al. 2023, eq. 13): in training the logits are
 * disturbed by normal noise of the learned standard deviation softplus(x W4^T). Weights are the
 * softmax of the selected logits; of all logits where K = 1, since a single one would have the
 * weight 1 and no gradient. Experts are not dropped.
 */
public record NoisyRouter() implements Router {
  @Override
  public Routing route(RouterInput input) {
    Value logits = disturbed(input);
    Value experts = TopK.of(logits, input.k());
    Value weights =
        input.k() == 1
            ? GatherColumns.of(Softmax.of(logits, 1), experts)
            : Routing.renormalised(logits, experts);
    return new Routing(logits, experts, weights, input.logits());
  }

  @Override
  public boolean noisy() {
    return true;
  }

  private static Value disturbed(RouterInput input) {
    DropoutSite site = input.context().dropout(0);
    if (site == null) {
      return input.logits();
    }
    Value noiseLogits = Objects.requireNonNull(input.noiseLogits(), "logits of the noise");
    Value deviation = Activate.of(Activation.SOFTPLUS, noiseLogits, null, null);
    Value noise = GaussianNoise.of(site.key(), site.number(), deviation.shape());
    return Add.of(input.logits(), Multiply.of(noise, deviation));
  }
}
