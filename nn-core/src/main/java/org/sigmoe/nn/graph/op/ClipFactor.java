package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Clipping by global norm (Pascanu et al. 2013, as PyTorch's {@code clip_grad_norm_}): from the
 * squared norm [1], the norm [1] and the factor [1] = min(1, maxNorm / (norm + 1e-6)) for every
 * gradient.
 */
public record ClipFactor(float maxNorm) implements Op {

  /** The node whose results are norm and factor. */
  public static Node of(Value squaredNorm, float maxNorm) {
    return squaredNorm.graph().apply(new ClipFactor(maxNorm), squaredNorm);
  }

  @Override
  public List<String> operandNames() {
    return List.of("squaredNorm");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    operands.requireShape(0, Shape.scalar());
    TensorType scalar = new TensorType(DType.F32, Shape.scalar());
    return List.of(scalar, scalar);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 4);
  }
}
