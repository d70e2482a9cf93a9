package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/**
 * {@link org.sigmoe.nn.graph.op.LogMeanSoftmax.Gradient}: row by row; dlogits may lie in the place
 * of the logits.
 */
final class LogMeanSoftmaxGradientKernel implements Kernel {
  private final ScratchMemory scratch;
  private final int rows;
  private final int columns;
  private final long dlogp;
  private final long logits;
  private final long lse;
  private final long logp;
  private final long dlogits;
  private final Split split;

  LogMeanSoftmaxGradientKernel(
      ScratchMemory scratch,
      int rows,
      int columns,
      long dlogp,
      long logits,
      long lse,
      long logp,
      long dlogits) {
    this.scratch = scratch;
    this.rows = rows;
    this.columns = columns;
    this.dlogp = dlogp;
    this.logits = logits;
    this.lse = lse;
    this.logp = logp;
    this.dlogits = dlogits;
    this.split = Split.of(rows, columns);
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    layout.add(columns);
    scratch.require(layout);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long shares = scratch.of(worker);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long offset = 4L * row * columns;
      float logSumExp = NativeMemory.getFloat(lse + 4L * row);
      shares(logits + offset, logSumExp, shares);
      float sum = RowSums.sum(shares, columns);
      subtract(logits + offset, logSumExp, shares, sum, dlogits + offset);
    }
  }

  /** Writes r of the row. */
  private void shares(long row, float logSumExp, long shares) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      FloatVector logq = Lanes.load(row + 4L * c, left, rest).sub(logSumExp);
      FloatVector ratio = Lanes.exp(logq.sub(Lanes.load(logp + 4L * c, left, rest)));
      FloatVector share = ratio.mul(Lanes.load(dlogp + 4L * c, left, rest));
      Lanes.store(share, shares + 4L * c, left, rest);
    }
  }

  private void subtract(long row, float logSumExp, long shares, float sum, long target) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      FloatVector q = Lanes.exp(Lanes.load(row + 4L * c, left, rest).sub(logSumExp));
      FloatVector share = Lanes.load(shares + 4L * c, left, rest);
      Lanes.store(share.sub(q.mul(sum)).div(rows), target + 4L * c, left, rest);
    }
  }
}
