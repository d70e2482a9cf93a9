package org.sigmoe.nn.graph.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/** Mean of all elements: x any shape, result [1]. */
public record Mean() implements Op {

  /** The mean of x. */
  public static Value of(Value x) {
    return x.graph().apply(new Mean(), x).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    operands.requireAtLeast(0, DType.F32, 1);
    return List.of(new TensorType(DType.F32, Shape.scalar()));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    return List.of(dy.graph().apply(new Gradient(node.operand(0).shape()), dy).result(0));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, node.operand(0).shape().elements());
  }

  /** Every element of dx, which has {@code shape}, is dy divided by their number. */
  public record Gradient(Shape shape) implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dy");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      operands.requireShape(0, Shape.scalar());
      return List.of(new TensorType(DType.F32, shape));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 1);
    }
  }
}
