package org.sigmoe.nn.engine.cpu;

import org.jspecify.annotations.Nullable;

/**
 * {@link org.sigmoe.nn.graph.op.Activate} for a smooth non-linearity: y = dropout(f(x + bias)), of
 * which bias and dropout may be missing. Row by row.
 */
final class CurveKernel implements Kernel {
  private final ScratchMemory scratch;
  private final Curves.Curve curve;
  private final int columns;
  private final long x;
  private final long bias;
  private final @Nullable Dropper dropper;
  private final long y;
  private final Split split;

  /**
   * A kernel for a matrix.
   *
   * @param bias address, 0 for none
   */
  CurveKernel(
      ScratchMemory scratch,
      Curves.Curve curve,
      int rows,
      int columns,
      long x,
      long bias,
      @Nullable Dropper dropper,
      long y) {
    this.scratch = scratch;
    this.curve = curve;
    this.columns = columns;
    this.x = x;
    this.bias = bias;
    this.dropper = dropper;
    this.y = y;
    this.split = Split.of(rows, columns);
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    layout.add(Math.multiplyExact(Curves.SCRATCH_ROWS, columns));
    scratch.require(layout);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long offset = 4L * row * columns;
      curve.apply(x + offset, bias, scratch.of(worker), y + offset, columns);
    }
    if (dropper != null) {
      long first = (long) split.begin(chunk) * columns;
      dropper.apply(y + 4 * first, (int) first, (split.end(chunk) - split.begin(chunk)) * columns);
    }
  }
}
