package org.sigmoe.nn.graph.op;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/** Element-wise product of two tensors of one shape. */
public record Multiply() implements Op {

  /** a * b. */
  public static Value of(Value a, Value b) {
    return a.graph().apply(new Multiply(), a, b).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("a", "b");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape shape = operands.requireAtLeast(0, DType.F32, 1);
    operands.requireShape(1, shape);
    return List.of(new TensorType(DType.F32, shape));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    return List.of(Multiply.of(dy, node.operand(1)), Multiply.of(dy, node.operand(0)));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, node.result(0).shape().elements());
  }

  @Override
  public Set<Integer> inPlace() {
    return Set.of(0, 1);
  }
}
