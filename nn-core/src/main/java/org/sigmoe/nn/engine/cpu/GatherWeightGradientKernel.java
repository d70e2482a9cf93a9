package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.WeightedGather.WeightGradient}: products of one row of dy with the
 * rows that its slots name, four at a time, so that a sum need not wait for itself.
 */
final class GatherWeightGradientKernel implements Kernel {
  private static final int AT_ONCE = 4;

  private final GatheredRows rows;
  private final long dy;
  private final long dweights;
  private final Split split;

  GatherWeightGradientKernel(GatheredRows rows, long dy, long dweights) {
    this.rows = rows;
    this.dy = dy;
    this.dweights = dweights;
    this.split = rows.split();
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int slots = rows.slots();
    for (int sum = split.begin(chunk); sum < split.end(chunk); sum++) {
      long gradient = dy + 4L * sum * rows.columns();
      int end = (sum + 1) * slots;
      int position = sum * slots;
      for (; position + AT_ONCE <= end; position += AT_ONCE) {
        multiplyFour(gradient, position);
      }
      for (; position < end; position++) {
        multiplyOne(gradient, position);
      }
    }
  }

  private void multiplyFour(long gradient, int position) {
    long row0 = rows.row(position);
    long row1 = rows.row(position + 1);
    long row2 = rows.row(position + 2);
    long row3 = rows.row(position + 3);
    FloatVector sum0 = Lanes.all(0f);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int columns = rows.columns();
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      long at = 4L * c;
      FloatVector d = Lanes.load(gradient + at, left, rest);
      sum0 = d.fma(Lanes.load(row0 + at, left, rest), sum0);
      sum1 = d.fma(Lanes.load(row1 + at, left, rest), sum1);
      sum2 = d.fma(Lanes.load(row2 + at, left, rest), sum2);
      sum3 = d.fma(Lanes.load(row3 + at, left, rest), sum3);
    }
    long target = dweights + 4L * position;
    putFloat(target, Lanes.sum(sum0));
    putFloat(target + 4, Lanes.sum(sum1));
    putFloat(target + 8, Lanes.sum(sum2));
    putFloat(target + 12, Lanes.sum(sum3));
  }

  private void multiplyOne(long gradient, int position) {
    long row = rows.row(position);
    FloatVector sum = Lanes.all(0f);
    int columns = rows.columns();
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      long at = 4L * c;
      sum = Lanes.load(gradient + at, left, rest).fma(Lanes.load(row + at, left, rest), sum);
    }
    putFloat(dweights + 4L * position, Lanes.sum(sum));
  }
}
