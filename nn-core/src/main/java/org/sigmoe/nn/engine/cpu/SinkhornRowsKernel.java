package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/**
 * One half of an iteration of {@link org.sigmoe.nn.graph.op.Sinkhorn}: b[row] = start - log-sum-exp
 * of x + sign * a over the row, with the a of the row's group.
 */
final class SinkhornRowsKernel implements Kernel {
  private final ScratchMemory scratch;
  private final int columns;
  private final long x;
  private final float sign;
  private final long a;
  private final double start;
  private final long b;
  private final GroupSplit split;

  SinkhornRowsKernel(
      ScratchMemory scratch,
      GroupSplit split,
      int columns,
      long x,
      float sign,
      long a,
      double start,
      long b) {
    this.scratch = scratch;
    this.columns = columns;
    this.x = x;
    this.sign = sign;
    this.a = a;
    this.start = start;
    this.b = b;
    this.split = split;
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
    long terms = scratch.of(worker);
    long shift = a + 4L * split.group(chunk) * columns;
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      shift(x + 4L * row * columns, shift, terms);
      double logSumExp = RowSums.logSumExp(terms, columns);
      NativeMemory.putFloat(b + 4L * row, (float) (start - logSumExp));
    }
  }

  private void shift(long row, long shift, long terms) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      FloatVector signed = Lanes.load(shift + 4L * c, left, rest).mul(sign);
      FloatVector value = Lanes.load(row + 4L * c, left, rest);
      Lanes.store(value.add(signed), terms + 4L * c, left, rest);
    }
  }
}
