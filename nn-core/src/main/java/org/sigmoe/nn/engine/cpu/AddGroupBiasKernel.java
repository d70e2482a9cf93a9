package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** {@link org.sigmoe.nn.graph.op.AddGroupBias}, row by row; y may lie where x does. */
final class AddGroupBiasKernel implements Kernel {
  private final SortedRows rows;
  private final int columns;
  private final long x;
  private final long bias;
  private final long y;
  private final Split split;

  /**
   * A sum.
   *
   * @param rows whose order is not used
   */
  AddGroupBiasKernel(SortedRows rows, int count, int columns, long x, long bias, long y) {
    this.rows = rows;
    this.columns = columns;
    this.x = x;
    this.bias = bias;
    this.y = y;
    this.split = Split.of(count, columns);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int row = split.begin(chunk);
    int end = split.end(chunk);
    for (int group = rows.groupOf(row); row < end; group++) {
      int last = Math.min(end, rows.end(group));
      for (; row < last; row++) {
        add(4L * row * columns, bias + 4L * group * columns);
      }
    }
  }

  private void add(long offset, long source) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      long at = offset + 4L * c;
      FloatVector sum = Lanes.load(x + at, left, rest).add(Lanes.load(source + 4L * c, left, rest));
      Lanes.store(sum, y + at, left, rest);
    }
  }
}
