package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getInt;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.ScatterMatMul.WeightGradient}, row by row; da may lie where u does.
 */
final class WeightGradientKernel implements Kernel {
  private final int columns;
  private final long u;
  private final long a;
  private final long weights;
  private final long order;
  private final long da;
  private final long dweights;
  private final Split split;

  WeightGradientKernel(
      int rows, int columns, long u, long a, long weights, long order, long da, long dweights) {
    this.columns = columns;
    this.u = u;
    this.a = a;
    this.weights = weights;
    this.order = order;
    this.da = da;
    this.dweights = dweights;
    this.split = Split.of(rows, columns);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      int slot = getInt(order + 4L * row);
      FloatVector weight = Lanes.all(getFloat(weights + 4L * slot));
      FloatVector sum = Lanes.all(0f);
      long first = 4L * row * columns;
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        int left = columns - c;
        long offset = first + 4L * c;
        FloatVector value = Lanes.load(u + offset, left, rest);
        sum = value.fma(Lanes.load(a + offset, left, rest), sum);
        Lanes.store(value.mul(weight), da + offset, left, rest);
      }
      putFloat(dweights + 4L * slot, Lanes.sum(sum));
    }
  }
}
