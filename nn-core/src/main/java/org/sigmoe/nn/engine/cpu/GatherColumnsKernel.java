package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

/** {@link org.sigmoe.nn.graph.op.GatherColumns}: row by row. */
final class GatherColumnsKernel implements Kernel {
  private final int columns;
  private final int selected;
  private final long x;
  private final long indices;
  private final long y;
  private final Split split;

  GatherColumnsKernel(int rows, int columns, int selected, long x, long indices, long y) {
    this.columns = columns;
    this.selected = selected;
    this.x = x;
    this.indices = indices;
    this.y = y;
    // An element that is looked up takes as long as several that are streamed.
    this.split = Split.of(rows, 8L * selected);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long from = x + 4L * row * columns;
      for (int k = 0; k < selected; k++) {
        long position = (long) row * selected + k;
        int column = Indices.at(indices, position, columns);
        putFloat(y + 4L * position, getFloat(from + 4L * column));
      }
    }
  }
}
