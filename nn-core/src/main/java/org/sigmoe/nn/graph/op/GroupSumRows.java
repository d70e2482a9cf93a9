package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Sum of the sorted rows of each group, zeros for a group without rows: x [S, G], offsets i32[E+1]
 * of a {@link Route}, result [E, G]. The gradient of the biases of groups.
 */
public record GroupSumRows() implements Op {

  /** The sums of {@code x}'s rows by group. */
  public static Value of(Value x, Value offsets) {
    return x.graph().apply(new GroupSumRows(), x, offsets).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x", "offsets");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape x = operands.require(0, DType.F32, 2);
    int offsets = operands.require(1, DType.I32, 1).size(0);
    operands.check(offsets > 1, "offsets must have one element more than there are groups");
    return List.of(TensorType.f32(offsets - 1, x.columns()));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, node.operand(0).shape().elements());
  }
}
