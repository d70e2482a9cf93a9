package org.sigmoe.nn.graph.op;

import java.util.List;
import java.util.Set;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * A running total of squared L2 norms: result [1] = total [1] + sum of x's squared elements. A
 * chain of these gives the global norm of any number of tensors in a fixed order.
 */
public record AddSquaredNorm() implements Op {

  /** total plus the squared norm of x. */
  public static Value of(Value total, Value x) {
    return x.graph().apply(new AddSquaredNorm(), total, x).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("total", "x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    operands.requireShape(0, Shape.scalar());
    operands.requireAtLeast(1, DType.F32, 1);
    return List.of(new TensorType(DType.F32, Shape.scalar()));
  }

  @Override
  public Set<Integer> inPlace() {
    return Set.of(0);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 2 * node.operand(1).shape().elements());
  }
}
