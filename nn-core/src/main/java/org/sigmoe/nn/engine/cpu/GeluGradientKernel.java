package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/**
 * {@link org.sigmoe.nn.graph.op.Activate.GeluGradient}: dx = dropout(dy) * (P(z) + z * p(z)) with z
 * = x + bias, the normal distribution function P and density p. Row by row; dx may lie in the place
 * of dy or of x.
 */
final class GeluGradientKernel implements Kernel {
  private final ScratchMemory scratch;
  private final int slopes;
  private final int columns;
  private final long dy;
  private final long x;
  private final long bias;
  private final @Nullable Dropper dropper;
  private final long dx;
  private final Split split;

  /**
   * A kernel for a matrix.
   *
   * @param bias address, 0 for none
   */
  GeluGradientKernel(
      ScratchMemory scratch,
      int rows,
      int columns,
      long dy,
      long x,
      long bias,
      @Nullable Dropper dropper,
      long dx) {
    this.scratch = scratch;
    this.columns = columns;
    this.dy = dy;
    this.x = x;
    this.bias = bias;
    this.dropper = dropper;
    this.dx = dx;
    this.split = Split.of(rows, columns);
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    layout.add(Math.multiplyExact(Curves.SCRATCH_ROWS, columns));
    this.slopes = layout.add(columns);
    scratch.require(layout);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long block = scratch.of(worker);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long offset = 4L * row * columns;
      Curves.geluSlope(x + offset, bias, block, block + slopes, columns);
      multiply(dy + offset, block + slopes, dx + offset);
    }
    if (dropper != null) {
      long first = (long) split.begin(chunk) * columns;
      dropper.apply(dx + 4 * first, (int) first, (split.end(chunk) - split.begin(chunk)) * columns);
    }
  }

  private void multiply(long gradients, long factors, long target) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      FloatVector gradient = Lanes.load(gradients + 4L * c, left, rest);
      FloatVector slope = Lanes.load(factors + 4L * c, left, rest);
      Lanes.store(gradient.mul(slope), target + 4L * c, left, rest);
    }
  }
}
