package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.ColumnNorms;
import org.sigmoe.nn.graph.op.KeepLargest;

/** The kernels that choose among hidden units. */
final class UnitKernels {
  private UnitKernels() {}

  /** {@link ColumnNorms}. */
  static void columnNorms(Node node, Compiler to) {
    Shape x = node.operand(0).shape();
    to.add(
        new ColumnNormsKernel(
            x.rows(), x.columns(), to.at(node.operand(0)), to.at(node.result(0))));
  }

  /** {@link KeepLargest}. */
  static void keepLargest(KeepLargest op, Node node, Compiler to) {
    Shape x = node.operand(0).shape();
    to.add(
        new KeepLargestKernel(
            x.rows(),
            x.columns(),
            Math.min(op.k(), x.columns()),
            to.threads(),
            to.at(node.operand(0)),
            op.scaled() ? to.at(node.operand(1)) : 0,
            to.at(node.result(0))));
  }

  /** {@link KeepLargest.Gradient}. */
  static void keepLargestGradient(Node node, Compiler to) {
    to.add(
        new KeepLargestGradientKernel(
            node.operand(0).shape().elements(),
            to.at(node.operand(0)),
            to.at(node.operand(1)),
            to.at(node.result(0))));
  }
}
