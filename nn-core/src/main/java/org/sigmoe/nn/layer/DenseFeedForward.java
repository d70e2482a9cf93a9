package org.sigmoe.nn.layer;

import java.util.List;
import org.sigmoe.nn.graph.Value;

/**
 * The two-layer network that the other families approximate: y = W2 dropout(ReLU(W1 x + b1)) + b2
 * (Csordas et al. 2023, eq. 1 and 2), all pairs kept.
 *
 * <p>Parameters, named as in the paper's code: {@code linear1.weight} [F, D], {@code linear1.bias}
 * [F], {@code linear2.weight} [D, F], {@code linear2.bias} [D]. Weights start as truncated normal
 * with standard deviation sqrt(2 / (layers * fanIn)), biases as zeros.
 */
public final class DenseFeedForward implements FeedForward {
  private final TwoLayerNetwork network;

  DenseFeedForward(FeedForwardConfig.Placement placement, int hidden) {
    this.network = new TwoLayerNetwork(placement, hidden);
  }

  @Override
  public int dModel() {
    return network.dModel();
  }

  @Override
  public List<Parameter> parameters() {
    return network.parameters();
  }

  @Override
  public Output apply(BuildContext context, Value x) {
    return network.output(context, network.units(context, x));
  }
}
