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
 * Sum over all dimensions but the last: x [.., C], result [C]. The gradient of a bias, and of
 * {@link BroadcastRows}.
 */
public record SumRows() implements Op {

  /** The sum of x's rows. */
  public static Value of(Value x) {
    return x.graph().apply(new SumRows(), x).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    return List.of(TensorType.f32(operands.requireAtLeast(0, DType.F32, 1).columns()));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    return List.of(BroadcastRows.of(Op.sole(node, results), node.operand(0).shape()));
  }

  @Override
  public Cost cost(Node node) {
    Shape x = node.operand(0).shape();
    return Cost.streaming(node, x.elements());
  }
}
