package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Embedding;

/** The kernels of the ops at both ends of a model, which read the numbers of tokens. */
final class TokenKernels {
  private TokenKernels() {}

  /** {@link Embedding}. */
  static void embedding(Node node, Compiler compiler) {
    Shape table = node.operand(0).shape();
    compiler.add(
        new EmbeddingKernel(
            node.result(0).shape().rows(),
            table.size(0),
            table.columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  /** {@link Embedding.Gradient}. */
  static void embeddingGradient(Embedding.Gradient op, Node node, Compiler compiler) {
    compiler.add(
        new EmbeddingGradientKernel(
            node.operand(0).shape().rows(),
            op.vocabulary(),
            node.operand(0).shape().columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  /** {@link CrossEntropy}. */
  static void crossEntropy(Node node, Compiler compiler) {
    compiler.add(
        new CrossEntropyKernel(
            node.operand(0).shape().rows(),
            node.operand(0).shape().columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0)),
            compiler.at(node.result(1))));
  }

  /** {@link CrossEntropy.Gradient}. */
  static void crossEntropyGradient(Node node, Compiler compiler) {
    compiler.add(
        new CrossEntropyGradientKernel(
            node.operand(0).shape().rows(),
            node.operand(0).shape().columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.operand(2)),
            compiler.at(node.operand(3)),
            compiler.at(node.result(0))));
  }
}
