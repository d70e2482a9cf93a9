package org.sigmoe.nn.engine.cpu;

/** {@link org.sigmoe.nn.graph.op.BroadcastRows}: x copied into every row. */
final class BroadcastRowsKernel implements Kernel {
  private final int columns;
  private final long x;
  private final long y;
  private final Split split;

  BroadcastRowsKernel(int rows, int columns, long x, long y) {
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
    long pitch = 4L * columns;
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      Blocks.copy(x, y + row * pitch, pitch);
    }
  }
}
