package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Adam;
import org.sigmoe.nn.graph.op.ClipFactor;
import org.sigmoe.tornado.kernel.AdamKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Tasks of {@link Adam} and {@link ClipFactor}. */
final class AdamTasks {
  private AdamTasks() {}

  static void adam(Adam op, Node node, Lowering to) {
    FloatArray parameter = to.floats(node.operand(0));
    FloatArray mean = to.floats(node.operand(1));
    FloatArray meanSquare = to.floats(node.operand(2));
    FloatArray gradient = to.floats(node.operand(3));
    FloatArray factor = to.floats(node.operand(4));
    FloatArray schedule = to.floats(node.operand(5));
    int elements = Elements.of(node.operand(0));
    to.task(
        "adam",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(
                id,
                AdamKernels::adam,
                to.context(),
                parameter,
                mean,
                meanSquare,
                gradient,
                factor,
                schedule,
                elements,
                (float) op.beta1(),
                (float) (1 - op.beta1()),
                (float) op.beta2(),
                (float) (1 - op.beta2()),
                (float) op.epsilon()));
  }

  static void clipFactor(ClipFactor op, Node node, Lowering to) {
    FloatArray squaredNorm = to.floats(node.operand(0));
    FloatArray norm = to.floats(node.result(0));
    FloatArray factor = to.floats(node.result(1));
    to.task(
        "clipFactor",
        LaunchShapes.groups(1),
        id ->
            new TaskPackage(
                id,
                AdamKernels::clipFactor,
                to.context(),
                squaredNorm,
                op.maxNorm(),
                norm,
                factor));
  }
}
