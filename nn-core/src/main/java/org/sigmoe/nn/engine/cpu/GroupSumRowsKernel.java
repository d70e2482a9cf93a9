package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.GroupSumRows}: a chunk owns some columns of one group's sum and
 * adds the group's rows in order.
 */
final class GroupSumRowsKernel implements Kernel {
  /** Columns of a chunk: a few vectors, and whole cache lines. */
  private static final int CHUNK_COLUMNS = 64;

  private final SortedRows rows;
  private final int columns;
  private final long x;
  private final long sums;
  private final Split split;

  /**
   * Sums by group.
   *
   * @param rows whose order is not used
   */
  GroupSumRowsKernel(SortedRows rows, int columns, long x, long sums) {
    this.rows = rows;
    this.columns = columns;
    this.x = x;
    this.sums = sums;
    this.split = new Split(columns, CHUNK_COLUMNS);
  }

  @Override
  public int chunks() {
    return rows.groups() * split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int group = chunk / split.chunks();
    int slice = chunk % split.chunks();
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = split.begin(slice); c < split.end(slice); c += Lanes.COUNT) {
      int left = columns - c;
      FloatVector sum = Lanes.all(0f);
      for (int row = rows.begin(group); row < rows.end(group); row++) {
        sum = sum.add(Lanes.load(x + 4 * ((long) row * columns + c), left, rest));
      }
      Lanes.store(sum, sums + 4 * ((long) group * columns + c), left, rest);
    }
  }
}
