package org.sigmoe.nn.layer;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;

/**
 * Layer normalisation with gain {@code NAME.weight} [size], which starts as ones, and {@code
 * NAME.bias} [size], which starts as zeros. As PyTorch's {@code torch.nn.LayerNorm}.
 */
public final class LayerNorm implements Layer {
  /** PyTorch's default. */
  public static final float EPSILON = 1e-5f;

  private final Parameter gain;
  private final Parameter bias;

  /** Over vectors of {@code size} elements. */
  public LayerNorm(String name, int size) {
    this.gain = Parameter.undecayed(name + ".weight", Shape.of(size), Initializer.ones());
    this.bias = Parameter.undecayed(name + ".bias", Shape.of(size), Initializer.zeros());
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(gain, bias);
  }

  /** x [.., size] normalised, of the same shape. */
  public Value apply(BuildContext context, Value x) {
    return org.sigmoe.nn.graph.op.LayerNorm.of(x, context.read(gain), context.read(bias), EPSILON);
  }
}
