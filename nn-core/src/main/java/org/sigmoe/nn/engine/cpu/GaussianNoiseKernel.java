package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.ALL;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import java.lang.foreign.ValueLayout;
import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.nn.graph.op.GaussianNoise;

/** {@link GaussianNoise}: pair by pair, in double. */
final class GaussianNoiseKernel implements Kernel {
  private final long key;
  private final int site;
  private final long y;
  private final FlatSplit split;

  /**
   * The noise of one site.
   *
   * @param key address of seed and step
   */
  GaussianNoiseKernel(long elements, long key, int site, long y) {
    this.key = key;
    this.site = site;
    this.y = y;
    this.split = new FlatSplit(elements);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  /** The chunks of a flat split begin at even elements. */
  @Override
  public void run(int chunk, int worker) {
    int seed = ALL.get(ValueLayout.JAVA_INT, key);
    int step = ALL.get(ValueLayout.JAVA_INT, key + Integer.BYTES);
    int key1 = DropoutMask.key1(seed, step, site);
    int key2 = DropoutMask.key2(seed, step, site);
    long first = split.beginByte(chunk);
    int count = split.count(chunk);
    for (int i = 0; i < count; i += 2) {
      int index = (int) (first / 4) + i;
      double u = GaussianNoise.radiusDraw(DropoutMask.hash(index, key1, key2));
      double turn = GaussianNoise.turnDraw(DropoutMask.hash(index + 1, key1, key2));
      double radius = Math.sqrt(-2 * Math.log(u));
      double angle = 2 * Math.PI * turn;
      putFloat(y + first + 4L * i, (float) (radius * Math.cos(angle)));
      if (i + 1 < count) {
        putFloat(y + first + 4L * i + 4, (float) (radius * Math.sin(angle)));
      }
    }
  }
}
