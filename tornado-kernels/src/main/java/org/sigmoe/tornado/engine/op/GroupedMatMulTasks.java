package org.sigmoe.tornado.engine.op;

import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.kernel.GroupedMatMulShape;
import org.sigmoe.tornado.kernel.GroupedOuterProductShape;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Tasks of {@link GatherMatMul}, {@link ScatterMatMul} and {@link GroupedOuterProduct} in f32, by
 * kernels of ours on every backend, for cuBLAS has no product of groups whose sizes only the device
 * knows. {@link GroupedMmaTasks} has those in bf16.
 */
final class GroupedMatMulTasks {
  private GroupedMatMulTasks() {}

  static void gather(GatherMatMul op, Node node, Lowering to) {
    Shape x = node.operand(0).shape();
    FloatArray y = to.floats(node.result(0));
    shape(op.transpose(), x.rows(), op.slots(), x.columns(), node.result(0).shape().columns(), node)
        .addGather(
            to,
            to.floats(node.operand(0)),
            to.floats(node.operand(1)),
            to.ints(node.operand(2)),
            to.ints(node.operand(3)),
            y);
  }

  static void scatter(ScatterMatMul op, Node node, Lowering to) {
    int columns = node.operand(0).shape().columns();
    GroupedMatMulShape shape =
        shape(op.transpose(), op.result().rows(), op.slots(), columns, op.result().columns(), node);
    FloatArray a = to.floats(node.operand(0));
    FloatArray m = to.floats(node.operand(1));
    IntArray order = to.ints(node.operand(2));
    IntArray offsets = to.ints(node.operand(3));
    FloatArray y = to.floats(node.result(0));
    if (op.weighted()) {
      shape.addWeightedScatter(to, a, m, to.floats(node.operand(4)), order, offsets, y);
    } else {
      shape.addScatter(to, a, m, order, offsets, y);
    }
  }

  /** Operand 1 of {@code node} holds the groups' matrices. */
  private static GroupedMatMulShape shape(
      Transpose transpose, int tokens, int slots, int k, int n, Node node) {
    int groups = node.operand(1).shape().size(0);
    GroupedMatMulShape shape = GroupedMatMulShape.of(tokens, slots, groups, k, n);
    return transpose == Transpose.YES ? shape.transposed() : shape;
  }

  static void outerProduct(GroupedOuterProduct op, Node node, Lowering to) {
    Shape result = node.result(0).shape();
    int rows = node.operand(1).shape().rows();
    FloatArray gathered = to.floats(node.operand(0));
    FloatArray sorted = to.floats(node.operand(1));
    IntArray order = to.ints(node.operand(2));
    IntArray offsets = to.ints(node.operand(3));
    @Nullable FloatArray weights = op.weighted() ? to.floats(node.operand(4)) : null;
    FloatArray y = to.floats(node.result(0));
    int m = result.size(1);
    int n = result.size(2);
    switch (op.gathered()) {
      case LEFT ->
          new GroupedOuterProductShape(rows, op.groups(), m, n, op.slots(), 0)
              .addTo(to, gathered, sorted, weights, order, offsets, y);
      case RIGHT ->
          new GroupedOuterProductShape(rows, op.groups(), m, n, 0, op.slots())
              .addTo(to, sorted, gathered, weights, order, offsets, y);
    }
  }
}
