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
 * Which slots fit into groups of limited size: 1 where a slot is among the first {@code capacity}
 * sorted rows of its group, else 0. order i32[S], offsets i32[E+1] of a {@link Route}, result of S
 * elements, by slot. No gradient.
 *
 * @param capacity most rows of a group, at least 0
 * @param result shape of the result
 */
public record CapacityMask(int capacity, Shape result) implements Op {

  /** Checks the capacity. */
  public CapacityMask {
    if (capacity < 0) {
      throw new IllegalArgumentException("A capacity must be at least 0, got " + capacity);
    }
  }

  /** The mask for slots laid out as {@code weights}, [.., K]. */
  public static Value of(Value weights, Route.Result route, int capacity) {
    Op op = new CapacityMask(capacity, weights.shape());
    return weights.graph().apply(op, route.order(), route.offsets()).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("order", "offsets");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    int slots = operands.require(0, DType.I32, 1).size(0);
    int offsets = operands.require(1, DType.I32, 1).size(0);
    operands.check(offsets > 1, "offsets must have one element more than there are groups");
    operands.check(slots == result.elements(), "order must have one element for each of " + result);
    return List.of(new TensorType(DType.F32, result));
  }

  /** None: a constant to whatever is differentiated. */
  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    return Arrays.asList(null, null);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 0);
  }
}
