package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/**
 * Log-sum-exp of each column over the rows of a group, of x + sign * shift[row]: for each chunk of
 * rows the largest term m and the sum s of exp(term - m) of every column ([chunks, 2, C]), which
 * {@link ColumnLogSumExpEndKernel} puts together.
 */
final class ColumnLogSumExpKernel implements Kernel {
  private final int columns;
  private final float sign;
  private final long x;
  private final long shift;
  private final long partials;
  private final GroupSplit split;

  ColumnLogSumExpKernel(
      GroupSplit split, int columns, long x, float sign, long shift, long partials) {
    this.columns = columns;
    this.sign = sign;
    this.x = x;
    this.shift = shift;
    this.partials = partials;
    this.split = split;
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int begin = split.begin(chunk);
    int end = split.end(chunk);
    long target = partials + 8L * chunk * columns;
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      long at = target + 4L * c;
      max(c, left, rest, begin, end, at);
      sum(c, left, rest, begin, end, at);
    }
  }

  private FloatVector term(int row, int c, int left, VectorMask<Float> rest) {
    FloatVector value = Lanes.load(x + 4L * row * columns + 4L * c, left, rest);
    return value.add(sign * NativeMemory.getFloat(shift + 4L * row));
  }

  private void max(int c, int left, VectorMask<Float> rest, int begin, int end, long target) {
    FloatVector max = Lanes.all(Float.NEGATIVE_INFINITY);
    for (int row = begin; row < end; row++) {
      max = max.max(term(row, c, left, rest));
    }
    Lanes.store(max, target, left, rest);
  }

  private void sum(int c, int left, VectorMask<Float> rest, int begin, int end, long target) {
    FloatVector max = Lanes.load(target, left, rest);
    FloatVector sum = Lanes.all(0f);
    for (int row = begin; row < end; row++) {
      sum = sum.add(Lanes.exp(term(row, c, left, rest).sub(max)));
    }
    Lanes.store(sum, target + 4L * columns, left, rest);
  }
}
