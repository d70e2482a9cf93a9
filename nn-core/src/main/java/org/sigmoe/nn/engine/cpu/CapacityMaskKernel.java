package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

/**
 * {@link org.sigmoe.nn.graph.op.CapacityMask}: a chunk writes the slots of a range of sorted rows.
 */
final class CapacityMaskKernel implements Kernel {
  private final SortedRows rows;
  private final int capacity;
  private final long mask;
  private final Split split;

  CapacityMaskKernel(SortedRows rows, int count, int capacity, long mask) {
    this.rows = rows;
    this.capacity = capacity;
    this.mask = mask;
    this.split = Split.of(count, 1);
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
      int begin = rows.begin(group);
      int last = Math.min(end, rows.end(group));
      for (; row < last; row++) {
        putFloat(mask + 4L * rows.slot(row), row - begin < capacity ? 1 : 0);
      }
    }
  }
}
