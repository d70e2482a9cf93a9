package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.AddSquaredNorm;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.SumRows;

/** The kernels of sums over all elements or over rows: partial sums of chunks, then their sum. */
final class ReductionKernels {
  private ReductionKernels() {}

  /** {@link Mean}. */
  static void mean(Node node, Compiler compiler) {
    Partials sums = sums(SumKernel.Term.ELEMENT, node.operand(0), compiler);
    double factor = 1.0 / node.operand(0).shape().elements();
    compiler.add(
        SumEndKernel.scaled(sums.address(), sums.count(), factor, compiler.at(node.result(0))));
  }

  /** {@link Mean.Gradient}. */
  static void meanGradient(Node node, Compiler compiler) {
    compiler.add(
        new MeanGradientKernel(
            node.result(0).shape().elements(),
            compiler.at(node.operand(0)),
            compiler.at(node.result(0))));
  }

  /** {@link AddSquaredNorm}. */
  static void addSquaredNorm(Node node, Compiler compiler) {
    Partials sums = sums(SumKernel.Term.SQUARE, node.operand(1), compiler);
    compiler.add(
        SumEndKernel.added(
            sums.address(),
            sums.count(),
            compiler.at(node.operand(0)),
            compiler.at(node.result(0))));
  }

  private record Partials(long address, int count) {}

  private static Partials sums(SumKernel.Term term, Value x, Compiler compiler) {
    FlatSplit split = new FlatSplit(x.shape().elements());
    Partials sums = new Partials(compiler.partials(split.chunks()), split.chunks());
    compiler.add(new SumKernel(term, split, compiler.at(x), sums.address()));
    return sums;
  }

  /** {@link SumRows}. */
  static void sumRows(Node node, Compiler compiler) {
    Shape x = node.operand(0).shape();
    Split split = Split.of(x.rows(), x.columns());
    long partials = compiler.partials((long) split.chunks() * x.columns());
    compiler.add(new SumRowsKernel(split, x.columns(), compiler.at(node.operand(0)), partials));
    reduce(partials, split.chunks(), x.columns(), node.result(0), compiler);
  }

  /** Adds {@code count} partial results that lie {@code stride} floats apart. */
  static void reduce(long partials, int count, long stride, Value result, Compiler compiler) {
    compiler.add(
        new ReduceKernel(partials, count, stride, result.shape().elements(), compiler.at(result)));
  }
}
