package org.sigmoe.tornado.engine.op;

import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.GroupedMmaShape;
import org.sigmoe.tornado.kernel.GroupedOuterMmaShape;
import org.sigmoe.tornado.kernel.RowLayout;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Tasks of {@link GatherMatMul}, {@link ScatterMatMul} and {@link GroupedOuterProduct} on tensor
 * cores, which need CUDA and bf16.
 */
final class GroupedMmaTasks {
  private GroupedMmaTasks() {}

  /** Whether products of groups go to tensor cores. */
  static boolean apply(Lowering to) {
    return to.backend() == Backend.CUDA && to.precision() == Precision.BF16;
  }

  static void gather(GatherMatMul op, Node node, Lowering to) {
    Shape x = node.operand(0).shape();
    int groups = node.operand(1).shape().size(0);
    int n = node.result(0).shape().columns();
    GroupedMmaShape shape = new GroupedMmaShape(x.rows(), op.slots(), groups, x.columns(), n);
    Bf16Matrix rows = to.rounded(node.operand(0));
    Bf16Matrix matrices = matrices(node.operand(1), op.transpose(), to);
    RowLayout route = to.rowLayout(node.operand(2), node.operand(3), op.slots());
    Node relu = to.roundedUses().joined(node);
    if (relu != null) {
      shape.addGather(to, rows, matrices, route, to.producedRounded(relu.result(0)), true);
    } else if (to.roundedUses().onlyRounded(node.result(0))) {
      shape.addGather(to, rows, matrices, route, to.producedRounded(node.result(0)), false);
    } else {
      shape.addGather(to, rows, matrices, route, to.floats(node.result(0)));
    }
  }

  static void scatter(ScatterMatMul op, Node node, Lowering to) {
    Value a = node.operand(0);
    Bf16Matrix rows = to.rounded(a);
    Bf16Matrix matrices = matrices(node.operand(1), op.transpose(), to);
    GroupedMmaShape shape = shape(op, node);
    RowLayout route = to.rowLayout(node.operand(2), node.operand(3), op.slots());
    if (to.fusedAdditions().isSummedLater(node)) {
      LongArray products = to.keep(node.result(0), shape.productElements()).quads();
      shape.addProducts(to, rows, matrices, route, products);
      return;
    }
    @Nullable FloatArray weights = op.weighted() ? to.floats(node.operand(4)) : null;
    FusedAdditions.@Nullable Addition addition = to.fusedAdditions().ofSummand(node);
    shape.addScatter(
        to,
        rows,
        matrices,
        weights,
        addition == null ? null : to.floats(addition.addend()),
        route,
        to.floats(addition == null ? node.result(0) : addition.sum()));
  }

  /**
   * Sums up the slots of a scatter that an earlier node computed, with rows added.
   *
   * @param rows of the result's shape
   * @param result where the sum of all goes
   */
  static void scatterLate(Node scatter, Bf16Matrix rows, Value result, Lowering to) {
    ScatterMatMul op = (ScatterMatMul) scatter.op();
    FusedAdditions.@Nullable Addition addition = to.fusedAdditions().ofSummand(scatter);
    shape(op, scatter)
        .addSum(
            to,
            to.kept(scatter.result(0)).quads(),
            null,
            rows,
            addition == null ? null : to.floats(addition.addend()),
            to.rowLayout(scatter.operand(2), scatter.operand(3), op.slots()),
            to.floats(result));
  }

  private static GroupedMmaShape shape(ScatterMatMul op, Node node) {
    int groups = node.operand(1).shape().size(0);
    int terms = node.operand(0).shape().columns();
    return new GroupedMmaShape(
        op.result().rows(), op.slots(), groups, terms, op.result().columns());
  }

  private static Bf16Matrix matrices(Value m, Transpose transpose, Lowering to) {
    return switch (transpose) {
      case NO -> to.rounded(m);
      case YES -> to.roundedTransposed(m, m.shape().size(0));
    };
  }

  static void outerProduct(GroupedOuterProduct op, Node node, Lowering to) {
    Shape result = node.result(0).shape();
    int rows = node.operand(1).shape().rows();
    boolean left = op.gathered() == GroupedOuterProduct.Side.LEFT;
    GroupedOuterMmaShape shape =
        new GroupedOuterMmaShape(rows, op.groups(), result.size(1), result.size(2), left);
    RowLayout route = to.rowLayout(node.operand(2), node.operand(3), op.slots());
    Bf16Matrix sorted = to.rounded(node.operand(1));
    if (to.weightedRows().areKept(node)) {
      sorted = new Bf16Matrix(to.kept(node.result(0)), sorted.pitch());
    } else if (op.weighted()) {
      FloatArray weights = to.floats(node.operand(4));
      Bf16Array array = to.bf16Scratch((long) rows * sorted.pitch());
      Bf16Matrix weighted = new Bf16Matrix(array, sorted.pitch());
      GroupedOuterMmaShape.addWeights(to, sorted, weights, route, weighted);
      sorted = weighted;
    }
    shape.addTo(to, sorted, to.rounded(node.operand(0)), route, to.floats(node.result(0)));
  }
}
