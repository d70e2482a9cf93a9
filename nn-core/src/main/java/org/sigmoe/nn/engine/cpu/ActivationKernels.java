package org.sigmoe.nn.engine.cpu;

import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.DropoutMask;

/** The kernels of {@link Activate}, its gradients, {@link AddDropout} and {@link Dropout}. */
final class ActivationKernels {
  private static final long NONE = 0;

  private ActivationKernels() {}

  static void activate(Activate op, Node node, Compiler compiler) {
    switch (op.activation()) {
      case IDENTITY, RELU -> piecewise(op, node, compiler);
      case GELU -> curve(Curves::gelu, op, node, compiler);
      case SIGMOID -> curve(Curves::sigmoid, op, node, compiler);
      case SOFTPLUS -> curve(Curves::softplus, op, node, compiler);
      case EXP -> curve(Curves::exp, op, node, compiler);
      case SQRT -> curve(Curves::sqrt, op, node, compiler);
    }
  }

  private static void piecewise(Activate op, Node node, Compiler compiler) {
    compiler.add(
        BranchKernel.activate(
            node.operand(0).shape().rows(),
            node.operand(0).shape().columns(),
            compiler.at(node.operand(0)),
            op.biased() ? compiler.at(node.operand(1)) : NONE,
            op.activation(),
            dropper(node, op.site(), op.rate(), compiler),
            compiler.at(node.result(0))));
  }

  private static void curve(Curves.Curve curve, Activate op, Node node, Compiler compiler) {
    compiler.add(
        new CurveKernel(
            compiler.scratch(),
            curve,
            node.operand(0).shape().rows(),
            node.operand(0).shape().columns(),
            compiler.at(node.operand(0)),
            op.biased() ? compiler.at(node.operand(1)) : NONE,
            dropper(node, op.site(), op.rate(), compiler),
            compiler.at(node.result(0))));
  }

  static void gradient(Activate.Gradient op, Node node, Compiler compiler) {
    compiler.add(
        new ActivateGradientKernel(
            op,
            node.operand(0).shape().elements(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  static void geluGradient(Activate.GeluGradient op, Node node, Compiler compiler) {
    compiler.add(
        new GeluGradientKernel(
            compiler.scratch(),
            node.operand(1).shape().rows(),
            node.operand(1).shape().columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            op.biased() ? compiler.at(node.operand(2)) : NONE,
            dropper(node, op.site(), op.rate(), compiler),
            compiler.at(node.result(0))));
  }

  static void addDropout(AddDropout op, Node node, Compiler compiler) {
    compiler.add(
        BranchKernel.addDropout(
            node.operand(1).shape().rows(),
            node.operand(1).shape().columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            op.biased() ? compiler.at(node.operand(2)) : NONE,
            dropper(node, op.site(), op.rate(), compiler),
            compiler.at(node.result(0))));
  }

  static void dropout(Dropout op, Node node, Compiler compiler) {
    long key = compiler.at(node.operand(1));
    compiler.add(
        BranchKernel.activate(
            node.operand(0).shape().rows(),
            node.operand(0).shape().columns(),
            compiler.at(node.operand(0)),
            NONE,
            Activation.IDENTITY,
            new Dropper(key, op.site(), op.rate(), op.factor()),
            compiler.at(node.result(0))));
  }

  private static @Nullable Dropper dropper(Node node, int site, float rate, Compiler compiler) {
    if (rate == 0) {
      return null;
    }
    long key = compiler.at(node.operands().getLast());
    return new Dropper(key, site, rate, DropoutMask.scale(rate));
  }
}
