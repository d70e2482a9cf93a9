package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Adds up partial results in order: target[i] = sum over p of partials[p * stride + i]. It ends
 * every sum that is split over chunks, so that the order of the sum is fixed.
 */
final class ReduceKernel implements Kernel {
  private final long partials;
  private final int count;
  private final long stride;
  private final long target;
  private final FlatSplit split;

  /**
   * A sum of {@code count} blocks.
   *
   * @param stride distance between blocks in floats
   * @param elements floats of a block that are added up
   */
  ReduceKernel(long partials, int count, long stride, long elements, long target) {
    this.partials = partials;
    this.count = count;
    this.stride = stride;
    this.target = target;
    this.split = new FlatSplit(elements);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long base = split.beginByte(chunk);
    int elements = split.count(chunk);
    int whole = Lanes.FLOATS.loopBound(elements);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      long at = base + 4L * i;
      FloatVector sum = Lanes.load(partials + at);
      for (int p = 1; p < count; p++) {
        sum = sum.add(Lanes.load(partials + 4L * p * stride + at));
      }
      Lanes.store(sum, target + at);
    }
    if (whole < elements) {
      VectorMask<Float> rest = Lanes.below(whole, elements);
      long at = base + 4L * whole;
      FloatVector sum = Lanes.load(partials + at, rest);
      for (int p = 1; p < count; p++) {
        sum = sum.add(Lanes.load(partials + 4L * p * stride + at, rest));
      }
      Lanes.store(sum, target + at, rest);
    }
  }
}
