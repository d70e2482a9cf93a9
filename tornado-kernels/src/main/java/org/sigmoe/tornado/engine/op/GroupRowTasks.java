package org.sigmoe.tornado.engine.op;

import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.GroupRowKernels;
import org.sigmoe.tornado.kernel.GroupedOuterProductKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.RoundedActivationKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Tasks of {@link org.sigmoe.nn.graph.op.AddGroupBias}, {@link org.sigmoe.nn.graph.op.GroupSumRows}
 * and {@link org.sigmoe.nn.graph.op.ScatterMatMul.WeightGradient}.
 */
final class GroupRowTasks {
  private GroupRowTasks() {}

  static void addBias(Node node, Lowering to) {
    Shape shape = node.operand(0).shape();
    FloatArray x = to.floats(node.operand(0));
    FloatArray bias = to.floats(node.operand(1));
    IntArray offsets = to.ints(node.operand(2));
    FloatArray y = to.floats(node.result(0));
    to.task(
        "addGroupBias",
        LaunchShapes.rows(shape.rows(), shape.columns()),
        id ->
            new TaskPackage(
                id,
                GroupRowKernels::addBias,
                to.context(),
                x,
                bias,
                offsets,
                shape.rows(),
                shape.columns(),
                node.operand(1).shape().size(0),
                y));
  }

  static void sumRows(Node node, Lowering to) {
    int rows = node.operand(0).shape().rows();
    int columns = node.operand(0).shape().columns();
    int groups = node.result(0).shape().size(0);
    FloatArray x = to.floats(node.operand(0));
    IntArray offsets = to.ints(node.operand(1));
    FloatArray result = to.floats(node.result(0));
    int chunks = GroupRowKernels.chunks(rows, groups);
    FloatArray sums = to.scratch(chunks, columns);
    to.task(
        "groupSumRows",
        LaunchShapes.columns(columns, chunks),
        id ->
            new TaskPackage(
                id, GroupRowKernels::sumRows, to.context(), x, offsets, columns, groups, sums));
    to.task(
        "sumChunks",
        LaunchShapes.elements(groups * columns),
        id ->
            new TaskPackage(
                id,
                GroupedOuterProductKernels::sumChunks,
                to.context(),
                sums,
                offsets,
                groups,
                columns,
                GroupRowKernels.CHUNK,
                result));
  }

  static void weightGradient(Node node, Lowering to) {
    Node relu = to.roundedUses().joined(node);
    if (relu != null) {
      weightAndReluGradient(node, relu, to);
      return;
    }
    Shape shape = node.operand(0).shape();
    FloatArray u = to.floats(node.operand(0));
    FloatArray a = to.floats(node.operand(1));
    FloatArray weights = to.floats(node.operand(2));
    IntArray order = to.ints(node.operand(3));
    FloatArray da = to.floats(node.result(0));
    FloatArray dweights = to.floats(node.result(1));
    to.task(
        "slotWeightGradient",
        LaunchShapes.rows(shape.rows(), shape.columns()),
        id ->
            new TaskPackage(
                id,
                GroupRowKernels::weightGradient,
                to.context(),
                u,
                a,
                weights,
                order,
                shape.rows(),
                shape.columns(),
                da,
                dweights));
  }

  /** With the gradient of ReLU, whose result is rounded, as is the product before. */
  private static void weightAndReluGradient(Node node, Node relu, Lowering to) {
    int rows = node.operand(0).shape().rows();
    Bf16Matrix u = to.rounded(node.operand(0));
    Bf16Matrix a = to.rounded(node.operand(1));
    @Nullable Node product = to.weightedRows().product(node);
    int elements = Math.multiplyExact(rows, a.pitch());
    Bf16Array weighted = product == null ? to.bf16Scratch(4) : to.keep(product.result(0), elements);
    FloatArray weights = to.floats(node.operand(2));
    IntArray order = to.ints(node.operand(3));
    Bf16Matrix dh = to.producedRounded(relu.result(0));
    FloatArray dweights = to.floats(node.result(1));
    to.task(
        "slotWeightAndReluGradient",
        RoundedActivationKernels.weightAndReluThreads(rows),
        id ->
            new TaskPackage(
                id,
                RoundedActivationKernels::weightAndReluGradient,
                to.context(),
                u.array().quads(),
                a.array().quads(),
                weights,
                order,
                rows,
                dh.pitch(),
                ActivationTasks.scale(relu),
                product == null ? 0 : 1,
                weighted.quads(),
                dh.array().quads(),
                dweights));
  }
}
