package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.WeightedGather}: rows are added to a sum in their order, four at a
 * time, so that the sum is read and written less often.
 */
final class WeightedGatherKernel implements Kernel {
  private static final int AT_ONCE = 4;

  private final GatheredRows rows;
  private final long weights;
  private final long y;
  private final Split split;

  WeightedGatherKernel(GatheredRows rows, long weights, long y) {
    this.rows = rows;
    this.weights = weights;
    this.y = y;
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
      long target = y + 4L * sum * rows.columns();
      Blocks.clear(target, rows.columns());
      int end = (sum + 1) * slots;
      int position = sum * slots;
      for (; position + AT_ONCE <= end; position += AT_ONCE) {
        addFour(position, target);
      }
      for (; position < end; position++) {
        addOne(position, target);
      }
    }
  }

  private void addFour(int position, long target) {
    long row0 = rows.row(position);
    long row1 = rows.row(position + 1);
    long row2 = rows.row(position + 2);
    long row3 = rows.row(position + 3);
    FloatVector w0 = weight(position);
    FloatVector w1 = weight(position + 1);
    FloatVector w2 = weight(position + 2);
    FloatVector w3 = weight(position + 3);
    int columns = rows.columns();
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      long at = 4L * c;
      FloatVector sum = Lanes.load(target + at, left, rest);
      sum = Lanes.load(row0 + at, left, rest).fma(w0, sum);
      sum = Lanes.load(row1 + at, left, rest).fma(w1, sum);
      sum = Lanes.load(row2 + at, left, rest).fma(w2, sum);
      sum = Lanes.load(row3 + at, left, rest).fma(w3, sum);
      Lanes.store(sum, target + at, left, rest);
    }
  }

  private void addOne(int position, long target) {
    long row = rows.row(position);
    FloatVector weight = weight(position);
    int columns = rows.columns();
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      long at = 4L * c;
      FloatVector sum = Lanes.load(target + at, left, rest);
      Lanes.store(Lanes.load(row + at, left, rest).fma(weight, sum), target + at, left, rest);
    }
  }

  private FloatVector weight(int position) {
    return Lanes.all(getFloat(weights + 4L * position));
  }
}
