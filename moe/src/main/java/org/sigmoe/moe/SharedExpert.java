package org.sigmoe.moe;

import java.util.List;
import java.util.stream.Stream;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForwardConfig.Placement;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Layer;
import org.sigmoe.nn.layer.Linear;
import org.sigmoe.nn.layer.Parameter;

/**
 * The expert that every token uses: a two-layer network without a bias of its output, which the
 * block has. Parameters: {@code linear1.weight} [Gs, D], {@code linear2.weight} [V, Gs], and with
 * biases {@code linear1.bias} [Gs].
 */
final class SharedExpert implements Layer {
  private final Nonlinearity activation;
  private final boolean biased;
  private final Linear linear1;
  private final Linear linear2;

  SharedExpert(String name, Placement placement, int width, Mixture mixture) {
    int size = mixture.options().sharedSize();
    Initializer first = mixture.initialisation().keys(placement.dModel(), placement.layers());
    Initializer second = mixture.initialisation().values(1, size, placement.layers());
    this.activation = mixture.options().activation();
    this.biased = mixture.options().biases() == Biases.ALL;
    this.linear1 =
        biased
            ? Linear.biased(name + ".linear1", placement.dModel(), size, first, Initializer.zeros())
            : Linear.unbiased(name + ".linear1", placement.dModel(), size, first);
    this.linear2 = Linear.unbiased(name + ".linear2", size, width, second);
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.of(linear1, linear2).flatMap(layer -> layer.parameters().stream()).toList();
  }

  /** x [.., D] to [.., V]. */
  Value apply(BuildContext context, Value x, double dropout) {
    Value hidden =
        Activate.of(
            activation.activation(),
            linear1.product(context, x),
            biased ? linear1.bias(context) : null,
            context.dropout(dropout));
    return linear2.product(context, hidden);
  }
}
