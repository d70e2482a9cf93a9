package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.LayerNorm.Gradient}: dx row by row, and for each chunk of rows
 * partial sums of dgain and dbias ([chunks, 2, C]), which {@link ReduceKernel} adds up.
 *
 * <p>dx may lie in dy's place: a row's dy is read for the last time where its dx is written.
 */
final class LayerNormGradientKernel implements Kernel {
  private final int columns;
  private final long dy;
  private final long x;
  private final long gain;
  private final long mean;
  private final long rstd;
  private final long dx;
  private final long partials;
  private final Split split;

  LayerNormGradientKernel(
      Split split,
      int columns,
      long dy,
      long x,
      long gain,
      long mean,
      long rstd,
      long dx,
      long partials) {
    this.columns = columns;
    this.dy = dy;
    this.x = x;
    this.gain = gain;
    this.mean = mean;
    this.rstd = rstd;
    this.dx = dx;
    this.partials = partials;
    this.split = split;
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long dgain = partials + 8L * columns * chunk;
    long dbias = dgain + 4L * columns;
    Blocks.clear(dgain, 2L * columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      row(row, dgain, dbias);
    }
  }

  private void row(int row, long dgain, long dbias) {
    long at = 4L * row * columns;
    float average = getFloat(mean + 4L * row);
    float inverse = getFloat(rstd + 4L * row);
    int whole = Lanes.FLOATS.loopBound(columns);
    VectorMask<Float> rest = Lanes.below(whole, columns);
    FloatVector sumG = Lanes.all(0f);
    FloatVector sumGh = Lanes.all(0f);
    for (int c = 0; c < whole; c += Lanes.COUNT) {
      long o = 4L * c;
      FloatVector d = Lanes.load(dy + at + o);
      FloatVector h = Lanes.load(x + at + o).sub(average).mul(inverse);
      FloatVector g = d.mul(Lanes.load(gain + o));
      sumG = sumG.add(g);
      sumGh = g.fma(h, sumGh);
      Lanes.store(d.fma(h, Lanes.load(dgain + o)), dgain + o);
      Lanes.store(Lanes.load(dbias + o).add(d), dbias + o);
    }
    if (whole < columns) {
      long o = 4L * whole;
      FloatVector d = Lanes.load(dy + at + o, rest);
      FloatVector h = Lanes.load(x + at + o, rest).sub(average).mul(inverse);
      FloatVector g = d.mul(Lanes.load(gain + o, rest));
      sumG = sumG.add(g);
      sumGh = g.fma(h, sumGh);
      Lanes.store(d.fma(h, Lanes.load(dgain + o, rest)), dgain + o, rest);
      Lanes.store(Lanes.load(dbias + o, rest).add(d), dbias + o, rest);
    }
    float meanG = Lanes.sum(sumG) / columns;
    float meanGh = Lanes.sum(sumGh) / columns;
    for (int c = 0; c < whole; c += Lanes.COUNT) {
      long o = 4L * c;
      FloatVector h = Lanes.load(x + at + o).sub(average).mul(inverse);
      FloatVector g = Lanes.load(dy + at + o).mul(Lanes.load(gain + o));
      Lanes.store(h.fma(Lanes.all(-meanGh), g.sub(meanG)).mul(inverse), dx + at + o);
    }
    if (whole < columns) {
      long o = 4L * whole;
      FloatVector h = Lanes.load(x + at + o, rest).sub(average).mul(inverse);
      FloatVector g = Lanes.load(dy + at + o, rest).mul(Lanes.load(gain + o, rest));
      Lanes.store(h.fma(Lanes.all(-meanGh), g.sub(meanG)).mul(inverse), dx + at + o, rest);
    }
  }
}
