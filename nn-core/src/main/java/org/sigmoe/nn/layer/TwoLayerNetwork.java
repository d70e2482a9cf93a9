package org.sigmoe.nn.layer;

import java.util.List;
import java.util.stream.Stream;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;

/**
 * The two layers that {@link DenseFeedForward} and {@link TopKFeedForward} have in common: hidden
 * units dropout(ReLU(W1 x + b1)), of which those that a family keeps are put through W2 u + b2.
 *
 * <p>Parameters, named as in the paper's code: {@code linear1.weight} [F, D], {@code linear1.bias}
 * [F], {@code linear2.weight} [D, F], {@code linear2.bias} [D]. Weights start as truncated normal
 * with standard deviation sqrt(2 / (layers * fanIn)), biases as zeros.
 */
final class TwoLayerNetwork implements Layer {
  private final int dModel;
  private final double dropout;
  private final Linear linear1;
  private final Linear linear2;

  TwoLayerNetwork(FeedForwardConfig.Placement placement, int hidden) {
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

  int dModel() {
    return dModel;
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.of(linear1, linear2).flatMap(layer -> layer.parameters().stream()).toList();
  }

  /** The hidden units [.., F]. */
  Value units(BuildContext context, Value x) {
    return Activate.of(
        Activation.RELU,
        linear1.product(context, x),
        linear1.bias(context),
        context.dropout(dropout));
  }

  /** The output for the units that are kept. */
  FeedForward.Output output(BuildContext context, Value units) {
    context.observe(Observed.UNITS, units);
    return new FeedForward.Output(linear2.product(context, units), linear2.bias(context), null);
  }

  /** W2 [D, F], of which column i is what unit i adds to the output. */
  Value outputWeights(BuildContext context) {
    return linear2.weight(context);
  }
}
