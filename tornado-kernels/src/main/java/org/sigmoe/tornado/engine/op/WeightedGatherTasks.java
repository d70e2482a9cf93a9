package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.WeightedGather;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.WeightedGatherKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link WeightedGather} and its gradients. */
final class WeightedGatherTasks {
  private WeightedGatherTasks() {}

  static void forward(Node node, Lowering to) {
    FloatArray values = to.floats(node.operand(0));
    IntArray indices = to.ints(node.operand(1));
    FloatArray weights = to.floats(node.operand(2));
    FloatArray y = to.floats(node.result(0));
    int rows = node.result(0).shape().rows();
    int columns = node.result(0).shape().columns();
    int slots = Elements.of(node.operand(1)) / rows;
    to.task(
        "weightedGather",
        WeightedGatherKernels.rowShape(rows, columns),
        id ->
            new TaskPackage(
                id,
                WeightedGatherKernels::forward,
                to.context(),
                values,
                indices,
                weights,
                slots,
                columns,
                y));
  }

  static void weightGradient(Node node, Lowering to) {
    FloatArray dy = to.floats(node.operand(0));
    FloatArray values = to.floats(node.operand(1));
    IntArray indices = to.ints(node.operand(2));
    FloatArray dweights = to.floats(node.result(0));
    int rows = node.operand(0).shape().rows();
    int columns = node.operand(0).shape().columns();
    int slots = Elements.of(node.operand(2)) / rows;
    to.task(
        "weightedGatherWeightGradient",
        LaunchShapes.rows(rows * slots, columns),
        id ->
            new TaskPackage(
                id,
                WeightedGatherKernels::weightGradient,
                to.context(),
                dy,
                values,
                indices,
                rows,
                slots,
                columns,
                dweights));
  }

  static void valueGradient(WeightedGather.ValueGradient op, Node node, Lowering to) {
    FloatArray dy = to.floats(node.operand(0));
    FloatArray weights = to.floats(node.operand(1));
    IntArray order = to.ints(node.operand(2));
    IntArray offsets = to.ints(node.operand(3));
    FloatArray dvalues = to.floats(node.result(0));
    int values = node.result(0).shape().rows();
    int columns = node.result(0).shape().columns();
    int total = Elements.of(node.operand(2));
    int chunks = WeightedGatherKernels.chunks(total);
    FloatArray heads = to.scratch(chunks, columns);
    FloatArray tails = to.scratch(chunks, columns);
    to.task(
        "weightedGatherSumChunks",
        WeightedGatherKernels.rowShape(chunks, columns),
        id ->
            new TaskPackage(
                id,
                WeightedGatherKernels::sumChunks,
                to.context(),
                dy,
                weights,
                order,
                offsets,
                values,
                op.slots(),
                total,
                columns,
                heads,
                tails,
                dvalues));
    to.task(
        "weightedGatherJoinChunks",
        LaunchShapes.elements(values * columns),
        id ->
            new TaskPackage(
                id,
                WeightedGatherKernels::joinChunks,
                to.context(),
                offsets,
                values,
                columns,
                heads,
                tails,
                dvalues));
  }
}
