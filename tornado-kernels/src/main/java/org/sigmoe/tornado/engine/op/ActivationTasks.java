package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.tornado.kernel.ActivationFunctions;
import org.sigmoe.tornado.kernel.ActivationKernels;
import org.sigmoe.tornado.kernel.DropoutKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link Activate}, its gradients and {@link Dropout}. */
final class ActivationTasks {
  private ActivationTasks() {}

  static void activate(Activate op, Node node, Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    FloatArray bias = op.biased() ? to.floats(node.operand(1)) : x;
    FloatArray y = to.floats(node.result(0));
    int activation = number(op.activation());
    if (op.rate() == 0) {
      to.task(
          "activate",
          threads(node),
          id ->
              new TaskPackage(
                  id,
                  ActivationKernels::activate,
                  to.context(),
                  x,
                  bias,
                  elements(node),
                  columns(node),
                  flag(op.biased()),
                  activation,
                  y));
      return;
    }
    IntArray key = to.ints(node.operands().getLast());
    to.task(
        "activateDropped",
        threads(node),
        id ->
            new TaskPackage(
                id,
                ActivationKernels::activateDropped,
                to.context(),
                x,
                bias,
                key,
                elements(node),
                columns(node),
                flag(op.biased()),
                activation,
                op.site(),
                DropoutMask.threshold(op.rate()),
                DropoutMask.scale(op.rate()),
                y));
  }

  static void gradient(Activate.Gradient op, Node node, Lowering to) {
    FloatArray dy = to.floats(node.operand(0));
    FloatArray y = to.floats(node.operand(1));
    FloatArray dx = to.floats(node.result(0));
    to.task(
        "activateGradient",
        threads(node),
        id ->
            new TaskPackage(
                id,
                ActivationKernels::gradient,
                to.context(),
                dy,
                y,
                elements(node),
                number(op.activation()),
                DropoutMask.scale(op.rate()),
                dx));
  }

  static void geluGradient(Activate.GeluGradient op, Node node, Lowering to) {
    FloatArray dy = to.floats(node.operand(0));
    FloatArray x = to.floats(node.operand(1));
    FloatArray bias = op.biased() ? to.floats(node.operand(2)) : x;
    FloatArray dx = to.floats(node.result(0));
    if (op.rate() == 0) {
      to.task(
          "geluGradient",
          threads(node),
          id ->
              new TaskPackage(
                  id,
                  ActivationKernels::geluGradient,
                  to.context(),
                  dy,
                  x,
                  bias,
                  elements(node),
                  columns(node),
                  flag(op.biased()),
                  dx));
      return;
    }
    IntArray key = to.ints(node.operands().getLast());
    to.task(
        "geluGradientDropped",
        threads(node),
        id ->
            new TaskPackage(
                id,
                ActivationKernels::geluGradientDropped,
                to.context(),
                dy,
                x,
                bias,
                key,
                elements(node),
                columns(node),
                flag(op.biased()),
                op.site(),
                DropoutMask.threshold(op.rate()),
                DropoutMask.scale(op.rate()),
                dx));
  }

  static void dropout(Dropout op, Node node, Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    IntArray key = to.ints(node.operand(1));
    FloatArray y = to.floats(node.result(0));
    to.task(
        "dropout",
        threads(node),
        id ->
            new TaskPackage(
                id,
                DropoutKernels::dropout,
                to.context(),
                x,
                key,
                elements(node),
                op.site(),
                DropoutMask.threshold(op.rate()),
                op.factor(),
                y));
  }

  private static int number(Activation activation) {
    return switch (activation) {
      case IDENTITY -> ActivationFunctions.IDENTITY;
      case RELU -> ActivationFunctions.RELU;
      case GELU -> ActivationFunctions.GELU;
      case SIGMOID -> ActivationFunctions.SIGMOID;
      case SOFTPLUS -> ActivationFunctions.SOFTPLUS;
      case EXP -> ActivationFunctions.EXP;
      case SQRT -> ActivationFunctions.SQRT;
    };
  }

  private static int flag(boolean holds) {
    return holds ? 1 : 0;
  }

  private static WorkerGrid threads(Node node) {
    return LaunchShapes.elements(elements(node));
  }

  private static int elements(Node node) {
    return Elements.of(node.result(0));
  }

  private static int columns(Node node) {
    return node.result(0).shape().columns();
  }
}
