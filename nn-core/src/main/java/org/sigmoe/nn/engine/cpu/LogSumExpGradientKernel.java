package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** {@link org.sigmoe.nn.graph.op.LogSumExp.Gradient}: row by row; dx may lie in the place of x. */
final class LogSumExpGradientKernel implements Kernel {
  private final int columns;
  private final long dy;
  private final long x;
  private final long y;
  private final long dx;
  private final Split split;

  LogSumExpGradientKernel(int rows, int columns, long dy, long x, long y, long dx) {
    this.columns = columns;
    this.dy = dy;
    this.x = x;
    this.y = y;
    this.dx = dx;
    this.split = Split.of(rows, columns);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      float logSumExp = getFloat(y + 4L * row);
      float factor = getFloat(dy + 4L * row);
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        int left = columns - c;
        long offset = 4L * row * columns + 4L * c;
        FloatVector p = Lanes.exp(Lanes.load(x + offset, left, rest).sub(logSumExp));
        Lanes.store(p.mul(factor), dx + offset, left, rest);
      }
    }
  }
}
