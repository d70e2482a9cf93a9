package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

/** {@link org.sigmoe.nn.graph.op.CrossEntropy}: row by row. */
final class CrossEntropyKernel implements Kernel {
  private final int vocabulary;
  private final long logits;
  private final long targets;
  private final long nll;
  private final long lse;
  private final Split split;

  CrossEntropyKernel(int rows, int vocabulary, long logits, long targets, long nll, long lse) {
    this.vocabulary = vocabulary;
    this.logits = logits;
    this.targets = targets;
    this.nll = nll;
    this.lse = lse;
    this.split = Split.of(rows, vocabulary);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long at = logits + 4L * row * vocabulary;
      double logSumExp = RowSums.logSumExp(at, vocabulary);
      int target = Tokens.at(targets, row, vocabulary);
      putFloat(lse + 4L * row, (float) logSumExp);
      putFloat(nll + 4L * row, (float) (logSumExp - getFloat(at + 4L * target)));
    }
  }
}
