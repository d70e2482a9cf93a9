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
    int groups = node.operand(1).shape().size(0);
    int n = op.result().columns();
    @Nullable FloatArray weights = op.weighted() ? to.floats(node.operand(4)) : null;
    FusedAdditions.@Nullable Addition addition = to.fusedAdditions().ofSummand(node);
    new GroupedMmaShape(op.result().rows(), op.slots(), groups, a.shape().columns(), n)
        .addScatter(
            to,
            to.rounded(a),
            matrices(node.operand(1), op.transpose(), to),
            weights,
            addition == null ? null : to.floats(addition.addend()),
            to.rowLayout(node.operand(2), node.operand(3), op.slots()),
            to.floats(addition == null ? node.result(0) : addition.sum()));
  }

  private static Bf16Matrix matrices(Value m, Transpose transpose, Lowering to) {
    return switch (transpose) {
      case NO -> to.rounded(m);
      case YES -> to.roundedTransposed(m, m.shape().size(0));
    };
  }

  static void outerProduct(GroupedOuterProduct op, Node node, Lowering to) {
    Value g = node.operand(0);
    Value z = node.operand(1);
    @Nullable FloatArray weights = op.weighted() ? to.floats(node.operand(4)) : null;
    GroupedOuterMmaShape shape =
        new GroupedOuterMmaShape(
            z.shape().rows(), op.groups(), z.shape().columns(), g.shape().columns());
    Bf16Array transposed = to.bf16Scratch(shape.transposedElements());
    shape.addTo(
        to,
        to.rounded(z),
        to.rounded(g),
        weights,
        to.rowLayout(node.operand(2), node.operand(3), op.slots()),
        transposed,
        to.floats(node.result(0)),
        op.gathered() == GroupedOuterProduct.Side.LEFT);
  }
}
