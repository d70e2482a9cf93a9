package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.RelativeAttention;

/** The kernels of {@link RelativeAttention} and its gradient. */
final class AttentionKernels {
  private AttentionKernels() {}

  static void attention(Node node, Compiler compiler) {
    compiler.own(
        new AttentionKernel(
            compiler.gemm(),
            scores(node, compiler),
            compiler.scratch(),
            compiler.at(node.result(0)),
            compiler.at(node.result(1))));
  }

  static void gradient(Node node, Compiler compiler) {
    RelativeAttention.Sizes sizes = RelativeAttention.sizes(node);
    AttentionScores scores = scores(node, compiler);
    int groups = AttentionGradientKernel.groups(scores).chunks();
    long positions = (long) sizes.keys() * sizes.width();
    long dr = compiler.partials(groups * positions);
    long du = compiler.partials((long) groups * sizes.width());
    long dv = compiler.partials((long) groups * sizes.width());
    long dscale = compiler.partials((long) groups * sizes.heads());
    compiler.own(
        new AttentionGradientKernel(
            compiler.gemm(),
            scores,
            compiler.scratch(),
            new AttentionGradientKernel.Forward(
                compiler.at(node.operand(7)),
                compiler.at(node.operand(8)),
                compiler.at(node.operand(9))),
            new AttentionGradientKernel.Results(
                compiler.at(node.result(0)), compiler.at(node.result(1)), dr, du, dv, dscale)));
    ReductionKernels.reduce(dr, groups, positions, node.result(2), compiler);
    ReductionKernels.reduce(du, groups, sizes.width(), node.result(3), compiler);
    ReductionKernels.reduce(dv, groups, sizes.width(), node.result(4), compiler);
    compiler.add(
        SumEndKernel.scaled(dscale, groups * sizes.heads(), 1, compiler.at(node.result(5))));
  }

  private static AttentionScores scores(Node node, Compiler compiler) {
    return new AttentionScores(
        compiler.gemm(),
        RelativeAttention.sizes(node),
        new AttentionScores.Operands(
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.operand(2)),
            compiler.at(node.operand(3)),
            compiler.at(node.operand(4)),
            compiler.at(node.operand(5)),
            compiler.at(node.operand(6))));
  }
}
