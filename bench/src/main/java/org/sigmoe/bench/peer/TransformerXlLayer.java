package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.sigmoe.bench.model.ModelShape;

/**
 * One pre-layer-norm layer: {@code a = x + dropout(attention(norm1(seen)))}, {@code y = a +
 * dropout(feedForward(norm2(a)))}, where {@code seen} is memory and x.
 */
final class TransformerXlLayer {
  private static final double EPSILON = 1e-5;

  private final ModelShape shape;
  private final TorchParameters parameters;
  private final String prefix;
  private final RelativeAttention attention;

  TransformerXlLayer(
      ModelShape shape,
      TorchParameters parameters,
      int layer,
      RelativePositions positions,
      AttentionKernel kernel) {
    this.shape = shape;
    this.parameters = parameters;
    this.prefix = ParameterSpec.layerPrefix(layer);
    this.attention = new RelativeAttention(shape, parameters, prefix, positions, kernel);
  }

  /**
   * The layer's output.
   *
   * @param x [B, T, d]
   * @param seen [B, S, d], memory and x
   * @return [B, T, d]
   */
  Tensor forward(Tensor x, Tensor seen) {
    Tensor attended =
        Temporaries.freedAfter(
            () -> x.add(drop(attention.forward(norm(seen, parameters, prefix + "norm1")))));
    return Temporaries.freedAfter(
        () -> attended.add(drop(feedForward(norm(attended, parameters, prefix + "norm2")))));
  }

  /** Layer norm over the last dimension, with the weight and bias of that name. */
  static Tensor norm(Tensor x, TorchParameters parameters, String name) {
    return layer_norm(
        x,
        new long[] {x.size(-1)},
        parameters.optional(name + ".weight"),
        parameters.optional(name + ".bias"),
        EPSILON,
        false);
  }

  private Tensor feedForward(Tensor x) {
    Tensor hidden =
        linear(x, parameters.get(prefix + "linear1.weight"), optionalBias("linear1")).relu_();
    return linear(drop(hidden), parameters.get(prefix + "linear2.weight"), optionalBias("linear2"));
  }

  private TensorOptional optionalBias(String name) {
    return parameters.optional(prefix + name + ".bias");
  }

  private Tensor drop(Tensor x) {
    return dropout(x, shape.dropout(), true);
  }
}
