package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.SumRows}: for each chunk of rows partial sums ([chunks, C]), which
 * {@link ReduceKernel} adds up.
 */
final class SumRowsKernel implements Kernel {
  private final int columns;
  private final long x;
  private final long partials;
  private final Split split;

  SumRowsKernel(Split split, int columns, long x, long partials) {
    this.columns = columns;
    this.x = x;
    this.partials = partials;
    this.split = split;
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long target = partials + 4L * chunk * columns;
    int begin = split.begin(chunk);
    int end = split.end(chunk);
    long pitch = 4L * columns;
    int whole = Lanes.FLOATS.loopBound(columns);
    for (int c = 0; c < whole; c += Lanes.COUNT) {
      FloatVector sum = Lanes.all(0f);
      for (int row = begin; row < end; row++) {
        sum = sum.add(Lanes.load(x + row * pitch + 4L * c));
      }
      Lanes.store(sum, target + 4L * c);
    }
    if (whole < columns) {
      VectorMask<Float> rest = Lanes.below(whole, columns);
      FloatVector sum = Lanes.all(0f);
      for (int row = begin; row < end; row++) {
        sum = sum.add(Lanes.load(x + row * pitch + 4L * whole, rest));
      }
      Lanes.store(sum, target + 4L * whole, rest);
    }
  }
}
