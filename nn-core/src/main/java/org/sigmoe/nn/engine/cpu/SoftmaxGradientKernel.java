package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.Softmax.Gradient}: span by span; dx may lie in the place of dy or
 * of y.
 */
final class SoftmaxGradientKernel implements Kernel {
  private final int span;
  private final long dy;
  private final long y;
  private final long dx;
  private final Split split;

  /**
   * A kernel for so many spans of floats with a common sum.
   *
   * @param span floats of each
   */
  SoftmaxGradientKernel(int spans, int span, long dy, long y, long dx) {
    this.span = span;
    this.dy = dy;
    this.y = y;
    this.dx = dx;
    this.split = Split.of(spans, span);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int i = split.begin(chunk); i < split.end(chunk); i++) {
      long offset = 4L * i * span;
      multiply(offset, RowSums.products(dy + offset, y + offset, span));
    }
  }

  private void multiply(long offset, float sum) {
    VectorMask<Float> rest = Lanes.rest(span);
    for (int c = 0; c < span; c += Lanes.COUNT) {
      int left = span - c;
      long at = offset + 4L * c;
      FloatVector centred = Lanes.load(dy + at, left, rest).sub(sum);
      Lanes.store(Lanes.load(y + at, left, rest).mul(centred), dx + at, left, rest);
    }
  }
}
