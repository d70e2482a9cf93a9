package org.sigmoe.nn.layer;

import java.util.List;
import java.util.stream.Stream;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;

/**
 * The two-layer network that the other families approximate: y = W2 dropout(ReLU(W1 x + b1)) + b2
 * (Csordas et al. 2023, eq. 1 and 2), all pairs kept.
 *
 * <p>Parameters, named as in the paper's code: {@code linear1.weight} [F, D], {@code linear1.bias}
 * [F], {@code linear2.weight} [D, F], {@code linear2.bias} [D]. Weights start as truncated normal
 * with standard deviation sqrt(2 / (layers * fanIn)), biases as zeros.
 */
public final class DenseFeedForward implements FeedForward {
  private final int dModel;
  private final double dropout;
  private final Linear linear1;
  private final Linear linear2;

  DenseFeedForward(FeedForwardConfig.Placement placement, int hidden) {
    this.dModel = placement.dModel();
    this.dropout = placement.dropout();
    this.linear1 = linear(placement, "linear1", dModel, hidden);
    this.linear2 = linear(placement, "linear2", hidden, dModel);
  }

  private static Linear linear(
      FeedForwardConfig.Placement placement, String name, int in, int out) {
    return Linear.biased(
        placement.name() + "." + name,
        in,
        out,
        Initializer.preLayerNorm(in, placement.layers()),
        Initializer.zeros());
  }

  @Override
  public int dModel() {
    return dModel;
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.of(linear1, linear2).flatMap(layer -> layer.parameters().stream()).toList();
  }

  @Override
  public Output apply(BuildContext context, Value x) {
    Value hidden =
        Activate.of(
            Activation.RELU,
            linear1.product(context, x),
            linear1.bias(context),
            context.dropout(dropout));
    context.observe(Observed.UNITS, hidden);
    return new Output(linear2.product(context, hidden), linear2.bias(context), null);
  }
}
