package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link org.sigmoe.nn.graph.op.Activate.Gradient}: dx = dy * scale where y > 0, else 0. */
final class ActivateGradientKernel implements Kernel {
  private final long dy;
  private final long y;
  private final float scale;
  private final long dx;
  private final FlatSplit split;

  ActivateGradientKernel(long elements, long dy, long y, float scale, long dx) {
    this.dy = dy;
    this.y = y;
    this.scale = scale;
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
      Lanes.store(passed(Lanes.load(dy + offset), Lanes.load(y + offset)), dx + offset);
    }
  }

  private FloatVector passed(FloatVector gradient, FloatVector result) {
    return Lanes.all(0f).blend(gradient.mul(scale), result.compare(VectorOperators.GT, 0f));
  }
}
