package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.LayerNorm;

/** The kernels of {@link LayerNorm} and its gradient. */
final class LayerNormKernels {
  private LayerNormKernels() {}

  static void layerNorm(LayerNorm op, Node node, Compiler compiler) {
    compiler.add(
        new LayerNormKernel(
            node.operand(0).shape().rows(),
            node.operand(0).shape().columns(),
            op.epsilon(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.operand(2)),
            compiler.at(node.result(0)),
            compiler.at(node.result(1)),
            compiler.at(node.result(2))));
  }

  static void gradient(Node node, Compiler compiler) {
    Shape x = node.operand(0).shape();
    Split split = Split.of(x.rows(), x.columns());
    long partials = compiler.partials(2L * split.chunks() * x.columns());
    compiler.add(
        new LayerNormGradientKernel(
            compiler.scratch(),
            split,
            x.columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.operand(2)),
            compiler.at(node.operand(3)),
            compiler.at(node.operand(4)),
            compiler.at(node.result(0)),
            partials));
    long stride = 2L * x.columns();
    long shifts = partials + 4L * x.columns();
    ReductionKernels.reduce(partials, split.chunks(), stride, node.result(1), compiler);
    ReductionKernels.reduce(shifts, split.chunks(), stride, node.result(2), compiler);
  }
}
