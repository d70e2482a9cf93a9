package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Puts the parts of {@link ColumnLogSumExpKernel} together, in order: y[group, column] = start +
 * sign * log-sum-exp.
 */
final class ColumnLogSumExpEndKernel implements Kernel {
  private final int columns;
  private final long partials;
  private final double start;
  private final double sign;
  private final long y;
  private final GroupSplit split;

  ColumnLogSumExpEndKernel(
      GroupSplit split, int columns, long partials, double start, double sign, long y) {
    this.columns = columns;
    this.partials = partials;
    this.start = start;
    this.sign = sign;
    this.y = y;
    this.split = split;
  }

  @Override
  public int chunks() {
    return split.groups();
  }

  @Override
  public void run(int group, int worker) {
    int parts = split.rows().chunks();
    long pitch = 8L * columns;
    long first = partials + (long) group * parts * pitch;
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      combine(first + 4L * c, parts, columns - c, rest);
    }
    for (int c = 0; c < columns; c++) {
      double max = getFloat(first + 4L * c);
      double sum = getFloat(first + 4L * columns + 4L * c);
      double logSumExp = max + Math.log(sum);
      putFloat(y + 4L * ((long) group * columns + c), (float) (start + sign * logSumExp));
    }
  }

  /** Leaves the largest term and the sum of all parts in the first of them. */
  private void combine(long at, int parts, int left, VectorMask<Float> rest) {
    long pitch = 8L * columns;
    FloatVector max = Lanes.load(at, left, rest);
    for (int part = 1; part < parts; part++) {
      max = max.max(Lanes.load(at + part * pitch, left, rest));
    }
    FloatVector sum = Lanes.all(0f);
    for (int part = 0; part < parts; part++) {
      FloatVector factor = Lanes.exp(Lanes.load(at + part * pitch, left, rest).sub(max));
      FloatVector partial = Lanes.load(at + part * pitch + 4L * columns, left, rest);
      sum = partial.fma(factor, sum);
    }
    Lanes.store(max, at, left, rest);
    Lanes.store(sum, at + 4L * columns, left, rest);
  }
}
