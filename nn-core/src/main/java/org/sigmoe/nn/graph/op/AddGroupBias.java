package org.sigmoe.nn.graph.op;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Adds to each sorted row the bias of its group: y[s] = x[s] + bias[e(s)]. x [S, G], bias [E, G],
 * offsets i32[E+1] of a {@link Route}.
 */
public record AddGroupBias() implements Op {

  /** {@code x} with the biases of its rows' groups. */
  public static Value of(Value x, Value bias, Route.Result route) {
    return x.graph().apply(new AddGroupBias(), x, bias, route.offsets()).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x", "bias", "offsets");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape x = operands.require(0, DType.F32, 2);
    Shape bias = operands.require(1, DType.F32, 2);
    operands.requireShape(1, bias.withColumns(x.columns()));
    operands.requireShape(2, DType.I32, Shape.of(bias.size(0) + 1));
    return List.of(new TensorType(DType.F32, x));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    return Arrays.asList(dy, GroupSumRows.of(dy, node.operand(2)), null);
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
