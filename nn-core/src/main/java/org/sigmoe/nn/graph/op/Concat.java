package org.sigmoe.nn.graph.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/** Joins along the second dimension: a [B, M, C], b [B, T, C], result [B, M+T, C]. */
public record Concat() implements Op {

  /** For each batch row, a's rows and then b's. */
  public static Value of(Value a, Value b) {
    return a.graph().apply(new Concat(), a, b).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("a", "b");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape a = operands.require(0, DType.F32, 3);
    Shape b = operands.require(1, DType.F32, 3);
    operands.check(
        a.size(0) == b.size(0) && a.size(2) == b.size(2),
        "a and b may differ in the second dimension only");
    return List.of(new TensorType(DType.F32, a.withSize(1, a.size(1) + b.size(1))));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    Node split = dy.graph().apply(new Gradient(node.operand(0).shape().size(1)), dy);
    return Arrays.asList(split.result(0), split.result(1));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 0);
  }

  /** Splits dy [B, M+T, C] into da [B, M, C] and db [B, T, C], where M is {@code first}. */
  public record Gradient(int first) implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dy");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape dy = operands.require(0, DType.F32, 3);
      operands.check(dy.size(1) > first, "the second dimension must be above " + first);
      return List.of(
          new TensorType(DType.F32, dy.withSize(1, first)),
          new TensorType(DType.F32, dy.withSize(1, dy.size(1) - first)));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 0);
    }
  }
}
