package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** {@link org.sigmoe.nn.graph.op.Softmax}: span by span; y may lie in the place of x. */
final class SoftmaxKernel implements Kernel {
  private final int span;
  private final long x;
  private final long y;
  private final Split split;

  /**
   * A kernel for so many spans of floats with a common sum.
   *
   * @param span floats of each
   */
  SoftmaxKernel(int spans, int span, long x, long y) {
    this.span = span;
    this.x = x;
    this.y = y;
    this.split = Split.of(spans, span);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int i = split.begin(chunk); i < split.end(chunk); i++) {
      long from = x + 4L * i * span;
      long to = y + 4L * i * span;
      exponentials(from, RowSums.max(from, span), to);
      divide(to, RowSums.sum(to, span));
    }
  }

  private void exponentials(long from, float max, long to) {
    VectorMask<Float> rest = Lanes.rest(span);
    for (int c = 0; c < span; c += Lanes.COUNT) {
      int left = span - c;
      FloatVector exp = Lanes.exp(Lanes.load(from + 4L * c, left, rest).sub(max));
      Lanes.store(exp, to + 4L * c, left, rest);
    }
  }

  private void divide(long row, float sum) {
    VectorMask<Float> rest = Lanes.rest(span);
    for (int c = 0; c < span; c += Lanes.COUNT) {
      int left = span - c;
      Lanes.store(Lanes.load(row + 4L * c, left, rest).div(sum), row + 4L * c, left, rest);
    }
  }
}
