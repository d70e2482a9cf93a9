package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;

/**
 * For each group the sum of outer products of its sorted rows and the rows these were gathered
 * from: the gradient for the matrices of {@link GatherMatMul} and {@link ScatterMatMul}.
 *
 * <p>g [.., D] with N rows; z [S = N*K, G]; order i32[S], offsets i32[E+1]; weights [.., K], if
 * there are any, else all are 1. With sums over the sorted rows s of group e, in an order that does
 * not change from run to run:
 *
 * <pre>
 * LEFT  [E, D, G]: sum of w[order[s]] g[order[s] / K]^T z[s]
 * RIGHT [E, G, D]: sum of w[order[s]] z[s]^T g[order[s] / K]
 * </pre>
 *
 * <p>A group without rows gives zeros. An engine may round g, z and their weighted rows as the
 * operands of {@link MatMul}; sums are f32.
 *
 * @param slots K, slots of a row of g
 * @param groups E
 * @param gathered on which side of the product the gathered rows stand
 * @param weighted whether there is a weights operand
 */
public record GroupedOuterProduct(int slots, int groups, Side gathered, boolean weighted)
    implements Op {

  /** A side of a product. */
  public enum Side {
    /** The gathered rows give the rows of the result. */
    LEFT,
    /** The gathered rows give the columns of the result. */
    RIGHT
  }

  /** Sizes of the product that {@code node}, an application of this op, computes. */
  public GroupedSizes sizes(Node node) {
    return GroupedSizes.of(node.operand(1).shape(), node.operand(0).shape(), groups);
  }

  @Override
  public List<String> operandNames() {
    return weighted
        ? List.of("g", "z", "order", "offsets", "weights")
        : List.of("g", "z", "order", "offsets");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape g = operands.requireAtLeast(0, DType.F32, 2);
    Shape z = operands.require(1, DType.F32, 2);
    operands.check(
        (long) g.rows() * slots == z.rows(),
        "z must have %d rows for each of the %d of g".formatted(slots, g.rows()));
    Route.require(operands, 2, z.rows(), groups);
    if (weighted) {
      operands.requireShape(4, g.withColumns(slots));
    }
    return List.of(
        gathered == Side.LEFT
            ? TensorType.f32(groups, g.columns(), z.columns())
            : TensorType.f32(groups, z.columns(), g.columns()));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, sizes(node).flops());
  }
}
