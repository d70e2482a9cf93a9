package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Softmax;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.SoftmaxKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Tasks of {@link Softmax}, {@link org.sigmoe.nn.graph.op.LogSumExp} and their gradients. */
final class SoftmaxTasks {
  private SoftmaxTasks() {}

  static void softmax(Softmax op, Node node, Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    FloatArray y = to.floats(node.result(0));
    int columns = op.span(node.result(0).shape());
    int rows = Elements.of(node.result(0)) / columns;
    to.task(
        "softmax",
        LaunchShapes.rows(rows, columns),
        id -> new TaskPackage(id, SoftmaxKernels::softmax, to.context(), x, rows, columns, y));
  }

  static void softmaxGradient(Softmax.Gradient op, Node node, Lowering to) {
    FloatArray dy = to.floats(node.operand(0));
    FloatArray y = to.floats(node.operand(1));
    FloatArray dx = to.floats(node.result(0));
    int columns = op.span(node.result(0).shape());
    int rows = Elements.of(node.result(0)) / columns;
    to.task(
        "softmaxGradient",
        LaunchShapes.rows(rows, columns),
        id ->
            new TaskPackage(
                id, SoftmaxKernels::softmaxGradient, to.context(), dy, y, rows, columns, dx));
  }

  static void logSumExp(Node node, Lowering to) {
    int rows = node.operand(0).shape().rows();
    int columns = node.operand(0).shape().columns();
    logSumExp(to.floats(node.operand(0)), rows, columns, to.floats(node.result(0)), to);
  }

  /** lse [rows] of x [rows, columns]. */
  static void logSumExp(FloatArray x, int rows, int columns, FloatArray lse, Lowering to) {
    if (to.backend() == Backend.CUDA && LaunchShapes.isOfWarps(columns)) {
      int columnsOfLane = LaunchShapes.columnsOfLane(columns);
      to.task(
          "logSumExp",
          LaunchShapes.warps(rows),
          id ->
              new TaskPackage(
                  id,
                  SoftmaxKernels::logSumExpByWarps,
                  to.context(),
                  x,
                  rows,
                  columns,
                  columnsOfLane,
                  lse));
      return;
    }
    to.task(
        "logSumExp",
        LaunchShapes.rows(rows, columns),
        id -> new TaskPackage(id, SoftmaxKernels::logSumExp, to.context(), x, rows, columns, lse));
  }

  static void logSumExpGradient(Node node, Lowering to) {
    FloatArray dlse = to.floats(node.operand(0));
    FloatArray x = to.floats(node.operand(1));
    FloatArray lse = to.floats(node.operand(2));
    FloatArray dx = to.floats(node.result(0));
    int rows = node.result(0).shape().rows();
    int columns = node.result(0).shape().columns();
    to.task(
        "logSumExpGradient",
        LaunchShapes.rows(rows, columns),
        id ->
            new TaskPackage(
                id,
                SoftmaxKernels::logSumExpGradient,
                to.context(),
                dlse,
                x,
                lse,
                rows,
                columns,
                dx));
  }
}
