package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** {@link org.sigmoe.nn.graph.op.LogSumExp}: row by row. */
final class LogSumExpKernel implements Kernel {
  private final int columns;
  private final long x;
  private final long y;
  private final Split split;

  LogSumExpKernel(int rows, int columns, long x, long y) {
    this.columns = columns;
    this.x = x;
    this.y = y;
    this.split = Split.of(rows, columns);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      double sum = RowSums.logSumExp(x + 4L * row * columns, columns);
      NativeMemory.putFloat(y + 4L * row, (float) sum);
    }
  }
}
