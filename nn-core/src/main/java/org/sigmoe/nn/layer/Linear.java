package org.sigmoe.nn.layer;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.MatMul;

/**
 * y = x W^T + b, with W {@code NAME.weight} [out, in] and b {@code NAME.bias} [out]; b may be
 * missing. As PyTorch's {@code torch.nn.Linear}.
 */
public final class Linear implements Layer {
  private final Parameter weight;
  private final @Nullable Parameter bias;

  private Linear(Parameter weight, @Nullable Parameter bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /** With a bias. */
  public static Linear biased(String name, int in, int out, Initializer weight, Initializer bias) {
    return new Linear(
        Parameter.weight(name + ".weight", Shape.of(out, in), weight),
        Parameter.undecayed(name + ".bias", Shape.of(out), bias));
  }

  /** Without a bias. */
  public static Linear unbiased(String name, int in, int out, Initializer weight) {
    return new Linear(Parameter.weight(name + ".weight", Shape.of(out, in), weight), null);
  }

  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  /** x W^T + b. x [.., in], result [.., out]. */
  public Value apply(BuildContext context, Value x) {
    Value product = product(context, x);
    return bias == null
        ? product
        : Activate.of(Activation.IDENTITY, product, context.read(bias), null);
  }

  /** x W^T, for an op after it that adds {@link #bias} itself. */
  public Value product(BuildContext context, Value x) {
    return MatMul.linear(x, weight(context));
  }

  /** The weight [out, in]. */
  public Value weight(BuildContext context) {
    return context.read(weight);
  }

  /**
   * The bias [out].
   *
   * @throws NullPointerException if the layer has none
   */
  public Value bias(BuildContext context) {
    return context.read(Objects.requireNonNull(bias, "bias of a layer without one"));
  }
}
