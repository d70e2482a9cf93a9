package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.tornado.kernel.ActivationFunctions;
import org.sigmoe.tornado.kernel.ActivationKernels;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.DropoutKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.RoundedActivationKernels;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link Activate}, its gradients and {@link Dropout}. */
final class ActivationTasks {
  private ActivationTasks() {}

  static void activate(Activate op, Node node, Lowering to) {
    if (to.roundedUses().onlyRounded(node.result(0))) {
      activateRounded(op, node, to);
      return;
    }
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

  private static void activateRounded(Activate op, Node node, Lowering to) {
    Bf16Matrix y = to.producedRounded(node.result(0));
    FloatArray x = to.floats(node.operand(0));
    FloatArray bias = op.biased() ? to.floats(node.operand(1)) : x;
    boolean drops = op.rate() > 0;
    IntArray key = drops ? to.ints(node.operands().getLast()) : to.intScratch(1);
    int pairs = pairs(node, y);
    to.task(
        "activateRounded",
        LaunchShapes.elements(pairs),
        id ->
            new TaskPackage(
                id,
                RoundedActivationKernels::activate,
                to.context(),
                x,
                bias,
                key,
                pairs,
                columns(node),
                to.rowPlaces().rows(node.operand(0)).pitch(),
                y.pitch(),
                flag(op.biased()),
                number(op.activation()),
                flag(drops),
                op.site(),
                DropoutMask.threshold(op.rate()),
                DropoutMask.scale(op.rate()),
                y.array().pairs()));
  }

  static void gradient(Activate.Gradient op, Node node, Lowering to) {
    if (to.roundedUses().onlyRounded(node.result(0))) {
      reluGradientRounded(node, to);
      return;
    }
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
                scale(node),
                dx));
  }

  private static void reluGradientRounded(Node node, Lowering to) {
    // In the place of the form that is not read, an array that is not either.
    boolean rounded = to.roundedUses().of(node).containsKey(0);
    FloatArray dy = rounded ? to.scratch(1) : to.floats(node.operand(0));
    IntArray roundedDy = rounded ? to.rounded(node.operand(0)).array().pairs() : to.intScratch(1);
    Bf16Matrix y = to.rounded(node.operand(1));
    Bf16Matrix dx = to.producedRounded(node.result(0));
    int pairs = pairs(node, dx);
    to.task(
        "reluGradientRounded",
        LaunchShapes.elements(pairs),
        id ->
            new TaskPackage(
                id,
                RoundedActivationKernels::reluGradient,
                to.context(),
                dy,
                roundedDy,
                y.array().pairs(),
                pairs,
                columns(node),
                dx.pitch(),
                flag(rounded),
                scale(node),
                dx.array().pairs()));
  }

  /** What gradients of ReLU's result are multiplied by: elements that dropout kept were scaled. */
  static float scale(Node gradient) {
    return DropoutMask.scale(((Activate.Gradient) gradient.op()).rate());
  }

  private static int pairs(Node node, Bf16Matrix rounded) {
    return node.result(0).shape().rows() * rounded.pitch() / 2;
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
    if (to.roundedUses().onlyRounded(node.result(0))) {
      Bf16Matrix rounded = to.producedRounded(node.result(0));
      to.task(
          "dropoutRounded",
          LaunchShapes.elements(pairs(node, rounded)),
          id ->
              new TaskPackage(
                  id,
                  DropoutKernels::dropoutRounded,
                  to.context(),
                  x,
                  key,
                  pairs(node, rounded),
                  columns(node),
                  rounded.pitch(),
                  op.site(),
                  DropoutMask.threshold(op.rate()),
                  op.factor(),
                  rounded.array().pairs()));
      return;
    }
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

  /** The number of the non-linearity whose gradient a node is. */
  static int number(Node gradient) {
    return number(((Activate.Gradient) gradient.op()).activation());
  }

  static int number(Activation activation) {
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
