package org.sigmoe.nn.graph.op;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * A tensor of any shape times a constant.
 *
 * @param factor the constant
 */
public record Scale(float factor) implements Op {

  /** x * factor. */
  public static Value of(Value x, float factor) {
    return x.graph().apply(new Scale(factor), x).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    return List.of(new TensorType(DType.F32, operands.requireAtLeast(0, DType.F32, 1)));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    return List.of(Scale.of(Op.sole(node, results), factor));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, node.result(0).shape().elements());
  }

  @Override
  public Set<Integer> inPlace() {
    return Set.of(0);
  }
}
