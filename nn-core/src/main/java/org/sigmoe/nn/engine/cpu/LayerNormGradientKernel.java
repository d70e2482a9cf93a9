package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.LayerNorm.Gradient}: dx, and for each chunk of rows partial sums of
 * dgain and dbias ([chunks, 2, C]), which {@link ReduceKernel} adds up.
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
  private final ScratchMemory memory;
  private final int means;
  private final Pass[] passes = {this::gainAndBias, this::means, this::inputs};

  LayerNormGradientKernel(
      ScratchMemory memory,
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
    this.memory = memory;
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    this.means = layout.add(2 * split.chunkItems());
    memory.require(layout);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    Pass.all(passes, chunk, worker);
  }

  private void gainAndBias(int chunk, int worker) {
    long dgain = partials + 8L * columns * chunk;
    long dbias = dgain + 4L * columns;
    Blocks.clear(dgain, 2L * columns);
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long at = 4L * row * columns;
      float average = getFloat(mean + 4L * row);
      float inverse = getFloat(rstd + 4L * row);
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        int left = columns - c;
        long o = 4L * c;
        FloatVector d = Lanes.load(dy + at + o, left, rest);
        FloatVector h = Lanes.load(x + at + o, left, rest).sub(average).mul(inverse);
        Lanes.store(d.fma(h, Lanes.load(dgain + o, left, rest)), dgain + o, left, rest);
        Lanes.store(d.add(Lanes.load(dbias + o, left, rest)), dbias + o, left, rest);
      }
    }
  }

  /** For each row the means of g = dy * gain and of g * h, where h is the normed x. */
  private void means(int chunk, int worker) {
    long target = memory.of(worker) + means;
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long at = 4L * row * columns;
      float average = getFloat(mean + 4L * row);
      float inverse = getFloat(rstd + 4L * row);
      FloatVector sumG = Lanes.all(0f);
      FloatVector sumGh = Lanes.all(0f);
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        int left = columns - c;
        long o = 4L * c;
        FloatVector h = Lanes.load(x + at + o, left, rest).sub(average).mul(inverse);
        FloatVector g = Lanes.load(dy + at + o, left, rest).mul(Lanes.load(gain + o, left, rest));
        sumG = sumG.add(g);
        sumGh = g.fma(h, sumGh);
      }
      putFloat(target, Lanes.sum(sumG) / columns);
      putFloat(target + 4, Lanes.sum(sumGh) / columns);
      target += 8;
    }
  }

  private void inputs(int chunk, int worker) {
    long source = memory.of(worker) + means;
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long at = 4L * row * columns;
      float average = getFloat(mean + 4L * row);
      float inverse = getFloat(rstd + 4L * row);
      float meanG = getFloat(source);
      FloatVector minusMeanGh = Lanes.all(-getFloat(source + 4));
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        int left = columns - c;
        long o = 4L * c;
        FloatVector h = Lanes.load(x + at + o, left, rest).sub(average).mul(inverse);
        FloatVector g = Lanes.load(dy + at + o, left, rest).mul(Lanes.load(gain + o, left, rest));
        FloatVector d = h.fma(minusMeanGh, g.sub(meanG)).mul(inverse);
        Lanes.store(d, dx + at + o, left, rest);
      }
      source += 8;
    }
  }
}
