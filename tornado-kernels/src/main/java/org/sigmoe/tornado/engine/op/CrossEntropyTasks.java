package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.tornado.kernel.CrossEntropyKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link org.sigmoe.nn.graph.op.CrossEntropy} and its gradient. */
final class CrossEntropyTasks {
  private CrossEntropyTasks() {}

  static void crossEntropy(Node node, Lowering to) {
    Shape shape = node.operand(0).shape();
    FloatArray logits = to.floats(node.operand(0));
    IntArray targets = to.ints(node.operand(1));
    FloatArray nll = to.floats(node.result(0));
    FloatArray lse = to.floats(node.result(1));
    to.task(
        "crossEntropy",
        LaunchShapes.rows(shape.rows(), shape.columns()),
        id ->
            new TaskPackage(
                id,
                CrossEntropyKernels::forward,
                to.context(),
                logits,
                targets,
                shape.rows(),
                shape.columns(),
                nll,
                lse));
  }

  static void gradient(Node node, Lowering to) {
    Shape shape = node.operand(0).shape();
    FloatArray logits = to.floats(node.operand(0));
    IntArray targets = to.ints(node.operand(1));
    FloatArray lse = to.floats(node.operand(2));
    FloatArray dnll = to.floats(node.operand(3));
    FloatArray dlogits = to.floats(node.result(0));
    to.task(
        "crossEntropyGradient",
        LaunchShapes.rows(shape.rows(), shape.columns()),
        id ->
            new TaskPackage(
                id,
                CrossEntropyKernels::gradient,
                to.context(),
                logits,
                targets,
                lse,
                dnll,
                shape.rows(),
                shape.columns(),
                dlogits));
  }
}
