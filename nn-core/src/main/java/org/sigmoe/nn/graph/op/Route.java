package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Stable counting sort of S = N*K slots by the group that each names: indices i32 of any shape with
 * S elements, each in [0, E), which whoever computes them sees to. No gradient.
 *
 * <p>Results: order i32[S], flat position of the slot that comes s-th, slots of one group in the
 * order of their positions; offsets i32[E+1], group e owns the sorted rows offsets[e] to
 * offsets[e+1]; counts i32[E], how many these are.
 *
 * @param groups E
 */
public record Route(int groups) implements Op {

  /** Checks the number of groups. */
  public Route {
    if (groups < 1) {
      throw new IllegalArgumentException("Slots are sorted into at least 1 group, not " + groups);
    }
  }

  /**
   * Sorted slots.
   *
   * @param order i32[S], flat position of each sorted row's slot
   * @param offsets i32[E+1], first sorted row of each group, and S
   * @param counts i32[E], rows of each group
   */
  public record Result(Value order, Value offsets, Value counts) {}

  /** The slots of {@code indices}, sorted. */
  public static Result of(Value indices, int groups) {
    Node node = indices.graph().apply(new Route(groups), indices);
    return new Result(node.result(0), node.result(1), node.result(2));
  }

  /** Requires operands {@code first} and the next to be order and offsets of these sizes. */
  static void require(Operands operands, int first, int slots, int groups) {
    operands.requireShape(first, DType.I32, Shape.of(slots));
    operands.requireShape(first + 1, DType.I32, Shape.of(groups + 1));
  }

  @Override
  public List<String> operandNames() {
    return List.of("indices");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    long slots = operands.requireAtLeast(0, DType.I32, 1).elements();
    operands.check(slots <= Integer.MAX_VALUE, "more slots than an index can count");
    return List.of(TensorType.i32((int) slots), TensorType.i32(groups + 1), TensorType.i32(groups));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 0);
  }
}
