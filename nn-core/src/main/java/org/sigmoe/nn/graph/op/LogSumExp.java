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

/** Logarithm of the sum of exponentials of each row: x [.., C], result [..]. */
public record LogSumExp() implements Op {

  /** log sum exp of x's rows. */
  public static Value of(Value x) {
    return x.graph().apply(new LogSumExp(), x).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape x = operands.requireAtLeast(0, DType.F32, 1);
    return List.of(new TensorType(DType.F32, x.withoutColumns()));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    return List.of(dy.graph().apply(new Gradient(), dy, node.operand(0), node.result(0)).result(0));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 4 * node.operand(0).shape().elements());
  }

  /** dx = exp(x - y) * dy, each row by its own y and dy. */
  public record Gradient() implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dy", "x", "y");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape x = operands.requireAtLeast(1, DType.F32, 1);
      operands.requireShape(0, x.withoutColumns());
      operands.requireShape(2, x.withoutColumns());
      return List.of(new TensorType(DType.F32, x));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 3 * node.result(0).shape().elements());
    }

    @Override
    public Set<Integer> inPlace() {
      return Set.of(1);
    }
  }
}
