package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.tornado.kernel.ActivationKernels;
import org.sigmoe.tornado.kernel.DropoutKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task10;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task6;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link Activate}, its gradient and {@link Dropout}. */
final class ActivationTasks {
  private ActivationTasks() {}

  static void activate(Activate op, Node node, Lowering to) {
    if (op.biased() && op.rate() > 0) {
      biasedAndDropped(op, node, to);
    } else if (op.biased()) {
      biased(op, node, to);
    } else if (op.rate() > 0) {
      dropped(op, node, to);
    } else {
      plain(op, node, to);
    }
  }

  static void dropout(Dropout op, Node node, Lowering to) {
    if (op.scaling() != Dropout.Scaling.INVERTED) {
      throw missing(op);
    }
    dropped(DropoutKernels::dropout, op.site(), op.rate(), node, to);
  }

  static void gradient(Activate.Gradient op, Node node, Lowering to) {
    if (op.activation() != Activation.RELU) {
      throw missing(op);
    }
    FloatArray dy = to.floats(node.operand(0));
    FloatArray y = to.floats(node.operand(1));
    FloatArray dx = to.floats(node.result(0));
    to.task(
        "reluGradient",
        threads(node),
        id ->
            new TaskPackage(
                id,
                ActivationKernels::reluGradient,
                to.context(),
                dy,
                y,
                elements(node),
                DropoutMask.scale(op.rate()),
                dx));
  }

  private static void plain(Activate op, Node node, Lowering to) {
    Task4<KernelContext, FloatArray, Integer, FloatArray> kernel =
        switch (op.activation()) {
          case IDENTITY -> ActivationKernels::copy;
          case RELU -> ActivationKernels::relu;
          case GELU, SIGMOID, SOFTPLUS, EXP, SQRT -> throw missing(op);
        };
    FloatArray x = to.floats(node.operand(0));
    FloatArray y = to.floats(node.result(0));
    to.task(
        "activate",
        threads(node),
        id -> new TaskPackage(id, kernel, to.context(), x, elements(node), y));
  }

  private static void biased(Activate op, Node node, Lowering to) {
    Task6<KernelContext, FloatArray, FloatArray, Integer, Integer, FloatArray> kernel =
        switch (op.activation()) {
          case IDENTITY -> ActivationKernels::bias;
          case RELU -> ActivationKernels::biasRelu;
          case GELU, SIGMOID, SOFTPLUS, EXP, SQRT -> throw missing(op);
        };
    FloatArray x = to.floats(node.operand(0));
    FloatArray bias = to.floats(node.operand(1));
    FloatArray y = to.floats(node.result(0));
    to.task(
        "activateBiased",
        threads(node),
        id -> new TaskPackage(id, kernel, to.context(), x, bias, elements(node), columns(node), y));
  }

  private static void dropped(Activate op, Node node, Lowering to) {
    switch (op.activation()) {
      case IDENTITY -> dropped(DropoutKernels::dropout, op.site(), op.rate(), node, to);
      case RELU -> dropped(ActivationKernels::reluDropout, op.site(), op.rate(), node, to);
      case GELU, SIGMOID, SOFTPLUS, EXP, SQRT -> throw missing(op);
    }
  }

  private static void dropped(
      Task8<KernelContext, FloatArray, IntArray, Integer, Integer, Integer, Float, FloatArray>
          kernel,
      int site,
      float rate,
      Node node,
      Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    IntArray key = to.ints(node.operand(1));
    FloatArray y = to.floats(node.result(0));
    to.task(
        "activateDropped",
        threads(node),
        id ->
            new TaskPackage(
                id,
                kernel,
                to.context(),
                x,
                key,
                elements(node),
                site,
                DropoutMask.threshold(rate),
                DropoutMask.scale(rate),
                y));
  }

  private static void biasedAndDropped(Activate op, Node node, Lowering to) {
    Task10<
            KernelContext,
            FloatArray,
            FloatArray,
            IntArray,
            Integer,
            Integer,
            Integer,
            Integer,
            Float,
            FloatArray>
        kernel =
            switch (op.activation()) {
              case IDENTITY -> ActivationKernels::biasDropout;
              case RELU -> ActivationKernels::biasReluDropout;
              case GELU, SIGMOID, SOFTPLUS, EXP, SQRT -> throw missing(op);
            };
    FloatArray x = to.floats(node.operand(0));
    FloatArray bias = to.floats(node.operand(1));
    IntArray key = to.ints(node.operand(2));
    FloatArray y = to.floats(node.result(0));
    to.task(
        "activateBiasedDropped",
        threads(node),
        id ->
            new TaskPackage(
                id,
                kernel,
                to.context(),
                x,
                bias,
                key,
                elements(node),
                columns(node),
                op.site(),
                DropoutMask.threshold(op.rate()),
                DropoutMask.scale(op.rate()),
                y));
  }

  private static EngineException missing(Op op) {
    return new EngineException(op + " is not built yet on this engine");
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
