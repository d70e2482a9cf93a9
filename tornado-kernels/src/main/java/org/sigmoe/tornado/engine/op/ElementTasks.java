package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.GaussianNoise;
import org.sigmoe.nn.graph.op.Scale;
import org.sigmoe.tornado.kernel.ElementKernels;
import org.sigmoe.tornado.kernel.GaussianNoiseKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Tasks of {@link org.sigmoe.nn.graph.op.Multiply}, {@link Scale}, {@link
 * org.sigmoe.nn.graph.op.BroadcastRows} and {@link GaussianNoise}.
 */
final class ElementTasks {
  private ElementTasks() {}

  static void multiply(Node node, Lowering to) {
    FloatArray a = to.floats(node.operand(0));
    FloatArray b = to.floats(node.operand(1));
    FloatArray y = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    to.task(
        "multiply",
        LaunchShapes.elements(elements),
        id -> new TaskPackage(id, ElementKernels::multiply, to.context(), a, b, elements, y));
  }

  static void scale(Scale op, Node node, Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    FloatArray y = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    to.task(
        "scale",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(id, ElementKernels::scale, to.context(), x, elements, op.factor(), y));
  }

  static void broadcastRows(Node node, Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    FloatArray y = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    int columns = node.result(0).shape().columns();
    to.task(
        "broadcastRows",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(
                id, ElementKernels::broadcastRows, to.context(), x, elements, columns, y));
  }

  static void gaussianNoise(GaussianNoise op, Node node, Lowering to) {
    IntArray key = to.ints(node.operand(0));
    FloatArray y = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    to.task(
        "gaussianNoise",
        LaunchShapes.elements(Math.ceilDiv(elements, 2)),
        id ->
            new TaskPackage(
                id, GaussianNoiseKernels::noise, to.context(), key, elements, op.site(), y));
  }
}
