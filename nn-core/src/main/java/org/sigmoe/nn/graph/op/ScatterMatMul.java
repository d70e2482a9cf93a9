package org.sigmoe.nn.graph.op;

import java.util.ArrayList;
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
 * Sorted rows, each times the matrix of its group, added to the rows they were gathered from: y[n]
 * = sum over the slots k of n of w[n, k] * (a[s(n, k)] m[e(n, k)]), where slot (n, k) is sorted row
 * s(n, k) of group e(n, k).
 *
 * <p>a [S = N*K, G]; m [E, G, D], or [E, D, G] used transposed; order i32[S], offsets i32[E+1];
 * weights [.., K], if there are any, else all are 1; result [.., D] with N rows. The products [S,
 * D] need not exist as a whole. An engine may round the operands of the product as those of {@link
 * MatMul}; sums are f32, in an order that does not change from run to run.
 *
 * @param slots K, slots of a row of the result
 * @param transpose how a matrix of m is used
 * @param weighted whether there is a weights operand
 * @param result shape of the result
 */
public record ScatterMatMul(int slots, Transpose transpose, boolean weighted, Shape result)
    implements Op {

  /** The weighted sum of the products of {@code a} and the matrices {@code m}. */
  public static Value of(
      Value a,
      Value m,
      @Nullable Value weights,
      Route.Result route,
      int slots,
      Transpose transpose,
      Shape result) {
    List<Value> operands = new ArrayList<>(List.of(a, m, route.order(), route.offsets()));
    if (weights != null) {
      operands.add(weights);
    }
    Op op = new ScatterMatMul(slots, transpose, weights != null, result);
    return a.graph().apply(op, operands.toArray(Value[]::new)).result(0);
  }

  /** Sizes of the product that {@code node}, an application of this op, computes. */
  public GroupedSizes sizes(Node node) {
    return GroupedSizes.of(node.operand(0).shape(), result, node.operand(1).shape().size(0));
  }

  @Override
  public List<String> operandNames() {
    return weighted
        ? List.of("a", "m", "order", "offsets", "weights")
        : List.of("a", "m", "order", "offsets");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape a = operands.require(0, DType.F32, 2);
    Shape m = operands.require(1, DType.F32, 3);
    boolean asItLies = transpose == Transpose.NO;
    int size = m.size(asItLies ? 1 : 2);
    operands.check(
        size == a.columns(),
        "inner sizes differ, %d of a and %d of m".formatted(a.columns(), size));
    int width = m.size(asItLies ? 2 : 1);
    operands.check(
        width == result.columns(),
        "m gives %d columns, the result %s has others".formatted(width, result));
    operands.check(
        (long) result.rows() * slots == a.rows(),
        "a must have %d rows for each of the %d of the result %s"
            .formatted(slots, result.rows(), result));
    Route.require(operands, 2, a.rows(), m.size(0));
    if (weighted) {
      operands.requireShape(4, result.withColumns(slots));
    }
    return List.of(new TensorType(DType.F32, result));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value a = node.operand(0);
    Value m = node.operand(1);
    Value order = node.operand(2);
    Value offsets = node.operand(3);
    Value dy = Op.sole(node, results);
    Value du =
        dy.graph()
            .apply(new GatherMatMul(slots, transpose.flipped()), dy, m, order, offsets)
            .result(0);
    GroupedOuterProduct.Side side =
        transpose == Transpose.NO ? GroupedOuterProduct.Side.RIGHT : GroupedOuterProduct.Side.LEFT;
    Op outer = new GroupedOuterProduct(slots, m.shape().size(0), side, weighted);
    if (!weighted) {
      Value dm = dy.graph().apply(outer, dy, a, order, offsets).result(0);
      return Arrays.asList(du, dm, null, null);
    }
    Value weights = node.operand(4);
    Node split = dy.graph().apply(new WeightGradient(), du, a, weights, order);
    Value dm = dy.graph().apply(outer, dy, a, order, offsets, weights).result(0);
    return Arrays.asList(split.result(0), dm, null, null, split.result(1));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, sizes(node).flops());
  }

  /**
   * What the gradient for a row's unweighted product says about row and weight: with u[s] = dy m^T,
   * da[s] = w[order[s]] u[s] and dw[order[s]] = a[s] . u[s].
   *
   * <p>u, a [S, G]; weights [.., K] with S elements; order i32[S]; results: da as a, dw as weights.
   */
  public record WeightGradient() implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("u", "a", "weights", "order");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape u = operands.require(0, DType.F32, 2);
      operands.requireShape(1, u);
      Shape weights = operands.requireAtLeast(2, DType.F32, 1);
      operands.check(weights.elements() == u.rows(), "there must be one weight for each row of u");
      operands.requireShape(3, DType.I32, Shape.of(u.rows()));
      return List.of(new TensorType(DType.F32, u), new TensorType(DType.F32, weights));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 3 * node.operand(0).shape().elements());
    }

    @Override
    public Set<Integer> inPlace() {
      return Set.of(0);
    }
  }
}
