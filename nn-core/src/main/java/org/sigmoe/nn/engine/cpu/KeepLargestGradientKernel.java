package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link org.sigmoe.nn.graph.op.KeepLargest.Gradient}: dx = dy where y is not 0, else 0. */
final class KeepLargestGradientKernel implements Kernel {
  private final long dy;
  private final long y;
  private final long dx;
  private final FlatSplit split;

  KeepLargestGradientKernel(long elements, long dy, long y, long dx) {
    this.dy = dy;
    this.y = y;
    this.dx = dx;
    this.split = new FlatSplit(elements);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long base = split.beginByte(chunk);
    for (int i = 0; i < split.wholeVectors(chunk); i += Lanes.COUNT) {
      long offset = base + 4L * i;
      FloatVector gradient = Lanes.load(dy + offset);
      FloatVector kept = gradient.blend(0f, Lanes.load(y + offset).compare(VectorOperators.EQ, 0f));
      Lanes.store(kept, dx + offset);
    }
  }
}
