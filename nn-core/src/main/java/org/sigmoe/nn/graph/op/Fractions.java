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

/**
 * Counts as fractions of their sum, which must be above 0: counts i32[E], result [E]. No gradient.
 */
public record Fractions() implements Op {

  /** {@code counts} divided by their sum. */
  public static Value of(Value counts) {
    return counts.graph().apply(new Fractions(), counts).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("counts");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape counts = operands.require(0, DType.I32, 1);
    return List.of(new TensorType(DType.F32, counts));
  }

  /** None: a constant to whatever is differentiated. */
  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    return Arrays.asList((Value) null);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, node.result(0).shape().elements());
  }
}
