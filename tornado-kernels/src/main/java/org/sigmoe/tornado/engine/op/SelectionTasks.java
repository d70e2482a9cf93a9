package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.KeepLargest;
import org.sigmoe.nn.graph.op.TopK;
import org.sigmoe.tornado.kernel.KeepLargestKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.TopKKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link TopK}, {@link KeepLargest} and its gradient. */
final class SelectionTasks {
  private SelectionTasks() {}

  static void topK(TopK op, Node node, Lowering to) {
    FusedActivations.Source source = to.fusedActivations().of(node.operand(0));
    FloatArray scores = to.floats(source.value());
    int activation = ActivationTasks.number(source.activation());
    IntArray indices = to.ints(node.result(0));
    int rows = node.operand(0).shape().rows();
    int columns = node.operand(0).shape().columns();
    if (TopKKernels.isRanked(columns, op.k())) {
      int lanes = TopKKernels.rankLanes(columns);
      to.task(
          "topKByRank",
          TopKKernels.shape(rows, lanes),
          id ->
              new TaskPackage(
                  id,
                  TopKKernels::byRank,
                  to.context(),
                  scores,
                  rows,
                  columns,
                  op.k(),
                  lanes,
                  activation,
                  indices));
    } else if (TopKKernels.isListed(columns, op.k())) {
      to.task(
          "topKByLists",
          TopKKernels.shape(rows, TopKKernels.LISTS),
          id ->
              new TaskPackage(
                  id,
                  TopKKernels::byLists,
                  to.context(),
                  scores,
                  rows,
                  columns,
                  op.k(),
                  Math.ceilDiv(columns, TopKKernels.LISTS),
                  TopKKernels.listLoads(columns),
                  activation,
                  indices));
    } else {
      int lanes = TopKKernels.roundLanes(columns);
      to.task(
          "topKByRounds",
          TopKKernels.shape(rows, lanes),
          id ->
              new TaskPackage(
                  id,
                  TopKKernels::byRounds,
                  to.context(),
                  scores,
                  rows,
                  columns,
                  op.k(),
                  lanes,
                  Math.ceilDiv(columns, lanes),
                  activation,
                  indices));
    }
  }

  static void keepLargest(KeepLargest op, Node node, Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    FloatArray y = to.floats(node.result(0));
    int rows = node.result(0).shape().rows();
    int columns = node.result(0).shape().columns();
    int k = Math.min(op.k(), columns);
    if (op.scaled()) {
      FloatArray scale = to.floats(node.operand(1));
      to.task(
          "keepLargestScaled",
          LaunchShapes.groups(rows),
          id ->
              new TaskPackage(
                  id, KeepLargestKernels::scaled, to.context(), x, scale, columns, k, y));
    } else {
      to.task(
          "keepLargest",
          LaunchShapes.groups(rows),
          id -> new TaskPackage(id, KeepLargestKernels::plain, to.context(), x, columns, k, y));
    }
  }

  static void keepLargestGradient(Node node, Lowering to) {
    FloatArray dy = to.floats(node.operand(0));
    FloatArray y = to.floats(node.operand(1));
    FloatArray dx = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    to.task(
        "keepLargestGradient",
        LaunchShapes.elements(elements),
        id -> new TaskPackage(id, KeepLargestKernels::gradient, to.context(), dy, y, elements, dx));
  }
}
