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
 * Weighted sums of rows of a table by index, none of which is copied: y[.., :] = sum over the last
 * {@code trailing} dimensions of weights * values[indices, :], in row-major order.
 *
 * <p>values [V, D]; indices i32[.., J..], of which the last {@code trailing} dimensions J.. are the
 * slots of one sum, all in [0, V); weights of the same shape; result [.., D].
 *
 * @param trailing how many of the last dimensions are summed over
 */
public record WeightedGather(int trailing) implements Op {

  /** At least one dimension is summed over. */
  public WeightedGather {
    if (trailing < 1) {
      throw new IllegalArgumentException("trailing must be at least 1, got " + trailing);
    }
  }

  /** The sums over the last {@code trailing} dimensions of {@code indices}. */
  public static Value of(Value values, Value indices, Value weights, int trailing) {
    return values.graph().apply(new WeightedGather(trailing), values, indices, weights).result(0);
  }

  /** How many rows of the table make one sum: the product of the trailing sizes. */
  public int slots(Shape indices) {
    int slots = 1;
    for (int axis = 1; axis <= trailing; axis++) {
      slots *= indices.size(-axis);
    }
    return slots;
  }

  @Override
  public List<String> operandNames() {
    return List.of("values", "indices", "weights");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape values = operands.require(0, DType.F32, 2);
    Shape indices = operands.requireAtLeast(1, DType.I32, trailing + 1);
    operands.requireShape(2, indices);
    return List.of(new TensorType(DType.F32, indices.withTrailing(trailing, values.columns())));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value values = node.operand(0);
    Value indices = node.operand(1);
    Value weights = node.operand(2);
    Value dy = Op.sole(node, results);
    Route.Result route = Route.of(indices, values.shape().size(0));
    Op valueGradient = new ValueGradient(slots(indices.shape()));
    return Arrays.asList(
        dy.graph().apply(valueGradient, dy, weights, route.order(), route.offsets()).result(0),
        null,
        dy.graph().apply(new WeightGradient(trailing), dy, values, indices).result(0));
  }

  @Override
  public Cost cost(Node node) {
    return gathered(node, node.operand(0), node.operand(1).shape().elements());
  }

  /** Of the table only the rows that are named are read, each once for each slot. */
  private static Cost gathered(Node node, Value values, long slots) {
    Cost whole = Cost.streaming(node, 2 * slots * values.shape().columns());
    long rows = slots * values.shape().columns() * values.type().dtype().bytes();
    return new Cost(
        whole.flops(), whole.bytesRead() - values.type().bytes() + rows, whole.bytesWritten());
  }

  /**
   * dweights[.., j] = dy[.., :] . values[indices[.., j], :]. dy [.., D], values [V, D], indices
   * i32[.., J..], result [.., J..].
   *
   * @param trailing as of the op
   */
  public record WeightGradient(int trailing) implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dy", "values", "indices");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape values = operands.require(1, DType.F32, 2);
      Shape indices = operands.requireAtLeast(2, DType.I32, trailing + 1);
      operands.requireShape(0, indices.withTrailing(trailing, values.columns()));
      return List.of(new TensorType(DType.F32, indices));
    }

    @Override
    public Cost cost(Node node) {
      return gathered(node, node.operand(1), node.operand(2).shape().elements());
    }
  }

  /**
   * dvalues[v, :] = sum of weights * dy over the slots that name v, in the order of {@code order}:
   * of their positions. dy [.., D]; weights [..] of S elements; order i32[S] and offsets i32[V+1]
   * as {@link Route} gives them for the indices: v is named by the flat positions order[s] with
   * offsets[v] &lt;= s &lt; offsets[v+1]. Result [V, D]; a row that nothing names is 0.
   *
   * @param slots how many slots have one row of dy in common: position p belongs to row p / slots
   */
  public record ValueGradient(int slots) implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dy", "weights", "order", "offsets");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape dy = operands.requireAtLeast(0, DType.F32, 2);
      Shape weights = operands.requireAtLeast(1, DType.F32, 1);
      Shape offsets = operands.require(3, DType.I32, 1);
      operands.check(
          weights.elements() == (long) dy.rows() * slots,
          "weights must have %d elements for each of %d rows of dy".formatted(slots, dy.rows()));
      operands.requireShape(2, DType.I32, Shape.of(Math.toIntExact(weights.elements())));
      operands.check(offsets.columns() > 1, "offsets must have at least 2 elements");
      return List.of(TensorType.f32(offsets.columns() - 1, dy.columns()));
    }

    @Override
    public Cost cost(Node node) {
      return gathered(node, node.operand(0), node.operand(1).shape().elements());
    }
  }
}
