package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Adam;
import org.sigmoe.nn.graph.op.ClipFactor;

/** The kernels of an optimiser's step. */
final class OptimiserKernels {
  private OptimiserKernels() {}

  /** {@link ClipFactor}. */
  static void clipFactor(ClipFactor op, Node node, Compiler compiler) {
    compiler.add(
        new ClipFactorKernel(
            op.maxNorm(),
            compiler.at(node.operand(0)),
            compiler.at(node.result(0)),
            compiler.at(node.result(1))));
  }

  /** {@link Adam}. */
  static void adam(Adam op, Node node, Compiler compiler) {
    compiler.add(
        new AdamKernel(
            op,
            node.operand(0).shape().elements(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.operand(2)),
            compiler.at(node.operand(3)),
            compiler.at(node.operand(4)),
            compiler.at(node.operand(5))));
  }
}
