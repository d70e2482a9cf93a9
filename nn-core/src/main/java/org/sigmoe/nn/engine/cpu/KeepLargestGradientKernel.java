package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link org.sigmoe.nn.graph.op.KeepLargest.Gradient}: dx = dy where y is not 0, else 0. */
final class KeepLargestGradientKernel extends ElementwiseKernel {
  private final long dy;
  private final long y;
  private final long dx;

  KeepLargestGradientKernel(long elements, long dy, long y, long dx) {
    super(elements);
    this.dy = dy;
    this.y = y;
    this.dx = dx;
  }

  @Override
  void run(long begin, long end) {
    for (long offset = begin; offset < end; offset += Lanes.BYTES) {
      FloatVector gradient = Lanes.load(dy + offset);
      FloatVector kept = gradient.blend(0f, Lanes.load(y + offset).compare(VectorOperators.EQ, 0f));
      Lanes.store(kept, dx + offset);
    }
  }
}
