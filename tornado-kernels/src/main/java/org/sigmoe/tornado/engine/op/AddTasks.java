package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.tornado.kernel.AddKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link org.sigmoe.nn.graph.op.Add} and {@link AddDropout}. */
final class AddTasks {
  private AddTasks() {}

  static void add(Node node, Lowering to) {
    plain(node, to);
  }

  static void addDropout(AddDropout op, Node node, Lowering to) {
    if (op.biased() && op.rate() > 0) {
      biasedDropped(op, node, to);
    } else if (op.biased()) {
      biased(node, to);
    } else if (op.rate() > 0) {
      dropped(op, node, to);
    } else {
      plain(node, to);
    }
  }

  private static WorkerGrid threads(Node node) {
    return LaunchShapes.elements(Elements.of(node.result(0)));
  }

  private static void plain(Node node, Lowering to) {
    FloatArray a = to.floats(node.operand(0));
    FloatArray b = to.floats(node.operand(1));
    FloatArray y = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    to.task(
        "add",
        threads(node),
        id -> new TaskPackage(id, AddKernels::add, to.context(), a, b, elements, y));
  }

  private static void biased(Node node, Lowering to) {
    FloatArray residual = to.floats(node.operand(0));
    FloatArray x = to.floats(node.operand(1));
    FloatArray bias = to.floats(node.operand(2));
    FloatArray y = to.floats(node.result(0));
    Value result = node.result(0);
    to.task(
        "addBiased",
        threads(node),
        id ->
            new TaskPackage(
                id,
                AddKernels::addBiased,
                to.context(),
                residual,
                x,
                bias,
                Elements.of(result),
                result.shape().columns(),
                y));
  }

  private static void dropped(AddDropout op, Node node, Lowering to) {
    FloatArray residual = to.floats(node.operand(0));
    FloatArray x = to.floats(node.operand(1));
    IntArray key = to.ints(node.operand(2));
    FloatArray y = to.floats(node.result(0));
    to.task(
        "addDropped",
        threads(node),
        id ->
            new TaskPackage(
                id,
                AddKernels::addDropped,
                to.context(),
                residual,
                x,
                key,
                Elements.of(node.result(0)),
                op.site(),
                DropoutMask.threshold(op.rate()),
                DropoutMask.scale(op.rate()),
                y));
  }

  private static void biasedDropped(AddDropout op, Node node, Lowering to) {
    FloatArray residual = to.floats(node.operand(0));
    FloatArray x = to.floats(node.operand(1));
    FloatArray bias = to.floats(node.operand(2));
    IntArray key = to.ints(node.operand(3));
    FloatArray y = to.floats(node.result(0));
    Value result = node.result(0);
    to.task(
        "addBiasedDropped",
        threads(node),
        id ->
            new TaskPackage(
                id,
                AddKernels::addBiasedDropped,
                to.context(),
                residual,
                x,
                bias,
                key,
                Elements.of(result),
                result.shape().columns(),
                op.site(),
                DropoutMask.threshold(op.rate()),
                DropoutMask.scale(op.rate()),
                y));
  }
}
