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
 * Rows gathered by a {@link Route}, each times the matrix of its group: y[s] = x[order[s] / K]
 * m[e(s)], where sorted row s belongs to group e(s).
 *
 * <p>x [.., D] with N rows; m [E, D, G], or [E, G, D] used transposed; order i32[S = N*K], offsets
 * i32[E+1]; result [S, G]. The gathered rows [S, D] need not exist as a whole. An engine may round
 * the operands as those of {@link MatMul}; sums are f32.
 *
 * @param slots K, slots of a row of x
 * @param transpose how a matrix of m is used
 */
public record GatherMatMul(int slots, Transpose transpose) implements Op {

  /** The product of gathered rows of {@code x} and the matrices {@code m}. */
  public static Value of(Value x, Value m, Route.Result route, int slots, Transpose transpose) {
    Op op = new GatherMatMul(slots, transpose);
    return x.graph().apply(op, x, m, route.order(), route.offsets()).result(0);
  }

  /** Sizes of the product that {@code node}, an application of this op, computes. */
  public GroupedSizes sizes(Node node) {
    return GroupedSizes.of(
        node.result(0).shape(), node.operand(0).shape(), node.operand(1).shape().size(0));
  }

  @Override
  public List<String> operandNames() {
    return List.of("x", "m", "order", "offsets");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape x = operands.requireAtLeast(0, DType.F32, 2);
    Shape m = operands.require(1, DType.F32, 3);
    boolean asItLies = transpose == Transpose.NO;
    int width = m.size(asItLies ? 1 : 2);
    operands.check(
        width == x.columns(),
        "inner sizes differ, %d of x and %d of m".formatted(x.columns(), width));
    long sorted = (long) x.rows() * slots;
    operands.check(
        sorted <= Integer.MAX_VALUE,
        "%d slots for each of %d rows of x are more than an index can count"
            .formatted(slots, x.rows()));
    Route.require(operands, 2, (int) sorted, m.size(0));
    return List.of(TensorType.f32((int) sorted, m.size(asItLies ? 2 : 1)));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value x = node.operand(0);
    Value m = node.operand(1);
    Value order = node.operand(2);
    Value offsets = node.operand(3);
    Value dy = Op.sole(node, results);
    Value dx =
        dy.graph()
            .apply(
                new ScatterMatMul(slots, transpose.flipped(), false, x.shape()),
                dy,
                m,
                order,
                offsets)
            .result(0);
    GroupedOuterProduct.Side side =
        transpose == Transpose.NO ? GroupedOuterProduct.Side.LEFT : GroupedOuterProduct.Side.RIGHT;
    Value dm =
        dy.graph()
            .apply(
                new GroupedOuterProduct(slots, m.shape().size(0), side, false),
                x,
                dy,
                order,
                offsets)
            .result(0);
    return Arrays.asList(dx, dm, null, null);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, sizes(node).flops());
  }
}
