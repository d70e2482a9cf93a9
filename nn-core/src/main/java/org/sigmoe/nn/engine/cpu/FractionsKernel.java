package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getInt;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

/** {@link org.sigmoe.nn.graph.op.Fractions}. */
record FractionsKernel(int groups, long counts, long fractions) implements Kernel {
  @Override
  public int chunks() {
    return 1;
  }

  @Override
  public void run(int chunk, int worker) {
    long sum = 0;
    for (int group = 0; group < groups; group++) {
      sum += getInt(counts + 4L * group);
    }
    for (int group = 0; group < groups; group++) {
      putFloat(fractions + 4L * group, (float) ((double) getInt(counts + 4L * group) / sum));
    }
  }
}
