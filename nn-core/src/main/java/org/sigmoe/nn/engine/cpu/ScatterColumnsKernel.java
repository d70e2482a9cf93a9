package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

/** {@link org.sigmoe.nn.graph.op.ScatterColumns}: row by row. */
final class ScatterColumnsKernel implements Kernel {
  private final int columns;
  private final int selected;
  private final long x;
  private final long indices;
  private final long y;
  private final Split split;

  ScatterColumnsKernel(int rows, int columns, int selected, long x, long indices, long y) {
    this.columns = columns;
    this.selected = selected;
    this.x = x;
    this.indices = indices;
    this.y = y;
    this.split = Split.of(rows, columns);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int begin = split.begin(chunk);
    int end = split.end(chunk);
    Blocks.clear(y + 4L * begin * columns, (long) (end - begin) * columns);
    for (int row = begin; row < end; row++) {
      long to = y + 4L * row * columns;
      for (int k = 0; k < selected; k++) {
        long position = (long) row * selected + k;
        int column = Indices.at(indices, position, columns);
        putFloat(to + 4L * column, getFloat(x + 4L * position));
      }
    }
  }
}
