package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.tornado.kernel.Bf16Matrix;
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
    Value bias = to.fusedBiases().ofLogits(node.operand(0));
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
                bias == null ? logits : to.floats(bias),
                targets,
                shape.rows(),
                shape.columns(),
                bias == null ? 0 : 1,
                nll,
                lse));
  }

  static void gradient(Node node, Lowering to) {
    Shape shape = node.operand(0).shape();
    FloatArray logits = to.floats(node.operand(0));
    Value added = to.fusedBiases().ofLogits(node.operand(0));
    FloatArray bias = added == null ? logits : to.floats(added);
    int biased = added == null ? 0 : 1;
    IntArray targets = to.ints(node.operand(1));
    FloatArray lse = to.floats(node.operand(2));
    FloatArray dnll = to.floats(node.operand(3));
    if (to.roundedUses().onlyRounded(node.result(0))) {
      Bf16Matrix rounded = to.producedRounded(node.result(0));
      to.task(
          "crossEntropyGradientRounded",
          LaunchShapes.rows(shape.rows(), shape.columns()),
          id ->
              new TaskPackage(
                  id,
                  CrossEntropyKernels::gradientRounded,
                  to.context(),
                  logits,
                  bias,
                  targets,
                  lse,
                  dnll,
                  shape.rows(),
                  shape.columns(),
                  biased,
                  rounded.pitch(),
                  rounded.array().pairs()));
      return;
    }
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
                bias,
                targets,
                lse,
                dnll,
                shape.rows(),
                shape.columns(),
                biased,
                dlogits));
  }
}
