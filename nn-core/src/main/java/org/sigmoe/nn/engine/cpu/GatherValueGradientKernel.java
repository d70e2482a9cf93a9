package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.WeightedGather.ValueGradient}: each chunk owns some columns of some
 * values and adds what names them in order. It is cut both ways because one value may be named by
 * most slots.
 */
final class GatherValueGradientKernel implements Kernel {
  private static final int VECTORS = 4;

  /**
   * Sizes.
   *
   * @param values V
   * @param columns D
   * @param positions S, slots of all rows
   * @param slots slots of one row of dy
   */
  record Sizes(int values, int columns, int positions, int slots) {}

  private final Sizes sizes;
  private final long dy;
  private final long weights;
  private final long order;
  private final long offsets;
  private final long dvalues;
  private final Split byValue;
  private final Split byColumn;

  GatherValueGradientKernel(
      Sizes sizes, long dy, long weights, long order, long offsets, long dvalues) {
    this.sizes = sizes;
    this.dy = dy;
    this.weights = weights;
    this.order = order;
    this.offsets = offsets;
    this.dvalues = dvalues;
    int chunkColumns = VECTORS * Lanes.COUNT;
    long namings = Math.ceilDiv(sizes.positions(), sizes.values());
    this.byValue = Split.of(sizes.values(), namings * chunkColumns);
    this.byColumn = new Split(sizes.columns(), chunkColumns);
  }

  @Override
  public int chunks() {
    return byValue.chunks() * byColumn.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int values = chunk / byColumn.chunks();
    int columns = chunk % byColumn.chunks();
    int begin = byColumn.begin(columns);
    int end = byColumn.end(columns);
    for (int value = byValue.begin(values); value < byValue.end(values); value++) {
      int from = bound(value);
      int to = bound(value + 1);
      long target = dvalues + 4L * value * sizes.columns();
      if (end - begin == VECTORS * Lanes.COUNT) {
        addFour(from, to, begin, target);
      } else {
        addEach(from, to, begin, end, target);
      }
    }
  }

  private int bound(int value) {
    return Indices.at(offsets, value, sizes.positions() + 1);
  }

  private void addFour(int from, int to, int begin, long target) {
    FloatVector sum0 = Lanes.all(0f);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (int s = from; s < to; s++) {
      int position = Indices.at(order, s, sizes.positions());
      long row = row(position) + 4L * begin;
      FloatVector weight = weight(position);
      sum0 = weight.fma(Lanes.load(row), sum0);
      sum1 = weight.fma(Lanes.load(row + 4L * Lanes.COUNT), sum1);
      sum2 = weight.fma(Lanes.load(row + 8L * Lanes.COUNT), sum2);
      sum3 = weight.fma(Lanes.load(row + 12L * Lanes.COUNT), sum3);
    }
    long to0 = target + 4L * begin;
    Lanes.store(sum0, to0);
    Lanes.store(sum1, to0 + 4L * Lanes.COUNT);
    Lanes.store(sum2, to0 + 8L * Lanes.COUNT);
    Lanes.store(sum3, to0 + 12L * Lanes.COUNT);
  }

  private void addEach(int from, int to, int begin, int end, long target) {
    VectorMask<Float> rest = Lanes.rest(end - begin);
    for (int c = begin; c < end; c += Lanes.COUNT) {
      int left = end - c;
      FloatVector sum = Lanes.all(0f);
      for (int s = from; s < to; s++) {
        int position = Indices.at(order, s, sizes.positions());
        sum = weight(position).fma(Lanes.load(row(position) + 4L * c, left, rest), sum);
      }
      Lanes.store(sum, target + 4L * c, left, rest);
    }
  }

  private long row(int position) {
    return dy + 4L * (position / sizes.slots()) * sizes.columns();
  }

  private FloatVector weight(int position) {
    return Lanes.all(getFloat(weights + 4L * position));
  }
}
