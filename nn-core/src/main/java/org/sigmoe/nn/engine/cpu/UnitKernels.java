package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.ColumnNorms;
import org.sigmoe.nn.graph.op.KeepLargest;

/** The kernels that choose among hidden units. */
final class UnitKernels {
  private UnitKernels() {}

  /** {@link ColumnNorms}. */
  static void columnNorms(Node node, Compiler compiler) {
    Shape x = node.operand(0).shape();
    compiler.add(
        new ColumnNormsKernel(
            x.rows(), x.columns(), compiler.at(node.operand(0)), compiler.at(node.result(0))));
  }

  /** {@link KeepLargest}. */
  static void keepLargest(KeepLargest op, Node node, Compiler compiler) {
    Shape x = node.operand(0).shape();
    compiler.add(
        new KeepLargestKernel(
            x.rows(),
            x.columns(),
            Math.min(op.k(), x.columns()),
            compiler.threads(),
            compiler.at(node.operand(0)),
            op.scaled() ? compiler.at(node.operand(1)) : 0,
            compiler.at(node.result(0))));
  }

  /** {@link KeepLargest.Gradient}. */
  static void keepLargestGradient(Node node, Compiler compiler) {
    compiler.add(
        new KeepLargestGradientKernel(
            node.operand(0).shape().elements(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }
}
