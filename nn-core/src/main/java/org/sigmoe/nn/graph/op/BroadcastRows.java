package org.sigmoe.nn.graph.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * One row repeated: x [C], result of {@code shape} [.., C]. The gradient of {@link SumRows}, which
 * is its gradient in turn.
 *
 * @param shape shape of the result
 */
public record BroadcastRows(Shape shape) implements Op {

  /** A tensor of {@code shape} of which every row is x. */
  public static Value of(Value x, Shape shape) {
    return x.graph().apply(new BroadcastRows(shape), x).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    operands.requireShape(0, Shape.of(shape.columns()));
    return List.of(new TensorType(DType.F32, shape));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    return List.of(SumRows.of(Op.sole(node, results)));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 0);
  }
}
