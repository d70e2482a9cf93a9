package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.LayerNorm}: mean, deviation and result, each for all rows of a
 * chunk.
 */
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
  private final Pass[] passes = {this::means, this::deviations, this::normalise};

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
    Pass.all(passes, chunk, worker);
  }

  private void means(int chunk, int worker) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long from = x + 4L * row * columns;
      FloatVector sum = Lanes.all(0f);
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        sum = sum.add(Lanes.load(from + 4L * c, columns - c, rest));
      }
      putFloat(mean + 4L * row, Lanes.sum(sum) / columns);
    }
  }

  private void deviations(int chunk, int worker) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long from = x + 4L * row * columns;
      float average = getFloat(mean + 4L * row);
      FloatVector sum = Lanes.all(0f);
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        int left = columns - c;
        FloatVector difference = Lanes.load(from + 4L * c, left, rest).sub(average);
        FloatVector centred = Lanes.within(difference, left, rest);
        sum = centred.fma(centred, sum);
      }
      float variance = Lanes.sum(sum) / columns;
      putFloat(rstd + 4L * row, (float) (1 / Math.sqrt(variance + epsilon)));
    }
  }

  private void normalise(int chunk, int worker) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long at = 4L * row * columns;
      float average = getFloat(mean + 4L * row);
      float inverse = getFloat(rstd + 4L * row);
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        int left = columns - c;
        long o = 4L * c;
        FloatVector h = Lanes.load(x + at + o, left, rest).sub(average).mul(inverse);
        FloatVector scaled =
            h.fma(Lanes.load(gain + o, left, rest), Lanes.load(bias + o, left, rest));
        Lanes.store(scaled, y + at + o, left, rest);
      }
    }
  }
}
