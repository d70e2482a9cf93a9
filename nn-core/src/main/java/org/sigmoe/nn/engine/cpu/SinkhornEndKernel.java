package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** The end of {@link org.sigmoe.nn.graph.op.Sinkhorn}: y = a + b + x, with the a of a group. */
final class SinkhornEndKernel implements Kernel {
  private final int columns;
  private final long x;
  private final long a;
  private final long b;
  private final long y;
  private final GroupSplit split;

  SinkhornEndKernel(GroupSplit split, int columns, long x, long a, long b, long y) {
    this.columns = columns;
    this.x = x;
    this.a = a;
    this.b = b;
    this.y = y;
    this.split = split;
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    VectorMask<Float> rest = Lanes.rest(columns);
    long shift = a + 4L * split.group(chunk) * columns;
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      float rowShift = NativeMemory.getFloat(b + 4L * row);
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        int left = columns - c;
        long offset = 4L * row * columns + 4L * c;
        FloatVector sum = Lanes.load(shift + 4L * c, left, rest).add(rowShift);
        Lanes.store(sum.add(Lanes.load(x + offset, left, rest)), y + offset, left, rest);
      }
    }
  }
}
