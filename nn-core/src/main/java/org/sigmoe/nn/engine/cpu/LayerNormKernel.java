package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** {@link org.sigmoe.nn.graph.op.LayerNorm}: row by row, mean and variance in two passes. */
final class LayerNormKernel implements Kernel {
  private final int columns;
  private final float epsilon;
  private final long x;
  private final long gain;
  private final long bias;
  private final long y;
  private final long mean;
  private final long rstd;
  private final Split split;

  LayerNormKernel(
      int rows,
      int columns,
      float epsilon,
      long x,
      long gain,
      long bias,
      long y,
      long mean,
      long rstd) {
    this.columns = columns;
    this.epsilon = epsilon;
    this.x = x;
    this.gain = gain;
    this.bias = bias;
    this.y = y;
    this.mean = mean;
    this.rstd = rstd;
    this.split = Split.of(rows, columns);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long at = 4L * row * columns;
      float average = mean(x + at);
      float inverse = (float) (1 / Math.sqrt(variance(x + at, average) + epsilon));
      NativeMemory.putFloat(mean + 4L * row, average);
      NativeMemory.putFloat(rstd + 4L * row, inverse);
      normalise(x + at, average, inverse, y + at);
    }
  }

  private float mean(long row) {
    int whole = Lanes.FLOATS.loopBound(columns);
    FloatVector sum = Lanes.all(0f);
    for (int c = 0; c < whole; c += Lanes.COUNT) {
      sum = sum.add(Lanes.load(row + 4L * c));
    }
    if (whole < columns) {
      sum = sum.add(Lanes.load(row + 4L * whole, Lanes.below(whole, columns)));
    }
    return Lanes.sum(sum) / columns;
  }

  private float variance(long row, float average) {
    int whole = Lanes.FLOATS.loopBound(columns);
    FloatVector sum = Lanes.all(0f);
    for (int c = 0; c < whole; c += Lanes.COUNT) {
      FloatVector centred = Lanes.load(row + 4L * c).sub(average);
      sum = centred.fma(centred, sum);
    }
    if (whole < columns) {
      VectorMask<Float> rest = Lanes.below(whole, columns);
      FloatVector centred =
          Lanes.all(0f).blend(Lanes.load(row + 4L * whole, rest).sub(average), rest);
      sum = centred.fma(centred, sum);
    }
    return Lanes.sum(sum) / columns;
  }

  private void normalise(long row, float average, float inverse, long target) {
    int whole = Lanes.FLOATS.loopBound(columns);
    for (int c = 0; c < whole; c += Lanes.COUNT) {
      FloatVector h = Lanes.load(row + 4L * c).sub(average).mul(inverse);
      Lanes.store(h.fma(Lanes.load(gain + 4L * c), Lanes.load(bias + 4L * c)), target + 4L * c);
    }
    if (whole < columns) {
      VectorMask<Float> rest = Lanes.below(whole, columns);
      long c = 4L * whole;
      FloatVector h = Lanes.load(row + c, rest).sub(average).mul(inverse);
      Lanes.store(h.fma(Lanes.load(gain + c, rest), Lanes.load(bias + c, rest)), target + c, rest);
    }
  }
}
