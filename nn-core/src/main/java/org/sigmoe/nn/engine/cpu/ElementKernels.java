package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.GaussianNoise;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.Scale;

/** The kernels that go element by element and have no other shape to keep to. */
final class ElementKernels {
  private ElementKernels() {}

  /** {@link Add}. */
  static void add(Node node, Compiler compiler) {
    compiler.add(
        new AddKernel(
            node.operand(0).shape().elements(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  /** {@link Multiply}. */
  static void multiply(Node node, Compiler compiler) {
    compiler.add(
        new MultiplyKernel(
            node.operand(0).shape().elements(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  /** {@link Scale}. */
  static void scale(Scale op, Node node, Compiler compiler) {
    compiler.add(
        new ScaleKernel(
            op.factor(),
            node.operand(0).shape().elements(),
            compiler.at(node.operand(0)),
            compiler.at(node.result(0))));
  }

  /** {@link GaussianNoise}. */
  static void gaussianNoise(GaussianNoise op, Node node, Compiler compiler) {
    compiler.add(
        new GaussianNoiseKernel(
            node.result(0).shape().elements(),
            compiler.at(node.operand(0)),
            op.site(),
            compiler.at(node.result(0))));
  }
}
