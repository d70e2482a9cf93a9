package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.ScatterColumns;
import org.sigmoe.nn.graph.op.Sinkhorn;
import org.sigmoe.nn.graph.op.Softmax;
import org.sigmoe.nn.graph.op.TopK;

/**
 * The kernels of the ops that select experts and balance their use: top-K, columns, softmax and
 * log-sum-exp, Sinkhorn.
 */
final class RouterKernels {
  private RouterKernels() {}

  static void topK(TopK op, Node node, Compiler compiler) {
    Shape scores = node.operand(0).shape();
    compiler.add(
        new TopKKernel(
            compiler.threads(),
            scores.rows(),
            scores.columns(),
            op.k(),
            compiler.at(node.operand(0)),
            compiler.at(node.result(0))));
  }

  static void gatherColumns(Node node, Compiler compiler) {
    Shape x = node.operand(0).shape();
    compiler.add(
        new GatherColumnsKernel(
            x.rows(),
            x.columns(),
            node.operand(1).shape().columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  static void scatterColumns(ScatterColumns op, Node node, Compiler compiler) {
    Shape x = node.operand(0).shape();
    compiler.add(
        new ScatterColumnsKernel(
            x.rows(),
            op.columns(),
            x.columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  static void broadcastRows(Node node, Compiler compiler) {
    Shape y = node.result(0).shape();
    compiler.add(
        new BroadcastRowsKernel(
            y.rows(), y.columns(), compiler.at(node.operand(0)), compiler.at(node.result(0))));
  }

  static void softmax(Softmax op, Node node, Compiler compiler) {
    Shape x = node.operand(0).shape();
    int span = op.span(x);
    compiler.add(
        new SoftmaxKernel(
            Math.toIntExact(x.elements() / span),
            span,
            compiler.at(node.operand(0)),
            compiler.at(node.result(0))));
  }

  static void softmaxGradient(Softmax.Gradient op, Node node, Compiler compiler) {
    Shape y = node.operand(1).shape();
    int span = op.span(y);
    compiler.add(
        new SoftmaxGradientKernel(
            Math.toIntExact(y.elements() / span),
            span,
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  static void logSumExp(Node node, Compiler compiler) {
    logSumExp(node.operand(0), node.result(0), compiler);
  }

  private static void logSumExp(Value x, Value y, Compiler compiler) {
    compiler.add(
        new LogSumExpKernel(x.shape().rows(), x.shape().columns(), compiler.at(x), compiler.at(y)));
  }

  static void logSumExpGradient(Node node, Compiler compiler) {
    Shape x = node.operand(1).shape();
    compiler.add(
        new LogSumExpGradientKernel(
            x.rows(),
            x.columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.operand(2)),
            compiler.at(node.result(0))));
  }

  /** The log-sum-exp of each row, then that of each column of what is left of it. */
  static void logMeanSoftmax(Node node, Compiler compiler) {
    Shape logits = node.operand(0).shape();
    logSumExp(node.operand(0), node.result(1), compiler);
    GroupSplit split = GroupSplit.of(logits.rows(), logits.columns(), 1);
    long partials = compiler.partials(2L * split.chunks() * logits.columns());
    compiler.add(
        new ColumnLogSumExpKernel(
            split,
            logits.columns(),
            compiler.at(node.operand(0)),
            -1,
            compiler.at(node.result(1)),
            partials));
    compiler.add(
        new ColumnLogSumExpEndKernel(
            split,
            logits.columns(),
            partials,
            -Math.log(logits.rows()),
            1,
            compiler.at(node.result(0))));
  }

  static void logMeanSoftmaxGradient(Node node, Compiler compiler) {
    Shape logits = node.operand(1).shape();
    compiler.add(
        new LogMeanSoftmaxGradientKernel(
            compiler.scratch(),
            logits.rows(),
            logits.columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.operand(2)),
            compiler.at(node.operand(3)),
            compiler.at(node.result(0))));
  }

  static void negativeEntropy(Node node, Compiler compiler) {
    compiler.add(
        new NegativeEntropyKernel(
            node.operand(0).shape().columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.result(0))));
  }

  static void negativeEntropyGradient(Node node, Compiler compiler) {
    compiler.add(
        new NegativeEntropyGradientKernel(
            node.operand(1).shape().columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  static void sinkhorn(Sinkhorn op, Node node, Compiler compiler) {
    Shape logits = node.operand(0).shape();
    int columns = logits.columns();
    float sign =
        switch (op.form()) {
          case CORRECT -> 1;
          case PAPER_CODE -> -1;
        };
    GroupSplit split = GroupSplit.of(logits.rows(), columns, op.groups());
    double logRows = Math.log(split.rows().items());
    long x = compiler.at(node.operand(0));
    long floatsOfA = (long) op.groups() * columns;
    long a = compiler.partials(floatsOfA);
    long b = compiler.partials(logits.rows());
    long partials = compiler.partials(2L * split.chunks() * columns);
    compiler.add(new ClearKernel(floatsOfA, a));
    for (int iteration = 0; iteration < op.iterations(); iteration++) {
      compiler.add(
          new SinkhornRowsKernel(compiler.scratch(), split, columns, x, sign, a, logRows, b));
      compiler.add(new ColumnLogSumExpKernel(split, columns, x, sign, b, partials));
      compiler.add(
          new ColumnLogSumExpEndKernel(split, columns, partials, Math.log(columns), -1, a));
    }
    compiler.add(new SinkhornEndKernel(split, columns, x, a, b, compiler.at(node.result(0))));
  }
}
