package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

/** {@link org.sigmoe.nn.graph.op.NegativeEntropy}: one short vector, in double. */
final class NegativeEntropyKernel implements Kernel {
  private final int experts;
  private final long logp;
  private final long y;

  NegativeEntropyKernel(int experts, long logp, long y) {
    this.experts = experts;
    this.logp = logp;
    this.y = y;
  }

  @Override
  public int chunks() {
    return 1;
  }

  @Override
  public void run(int chunk, int worker) {
    double sum = 0;
    for (int e = 0; e < experts; e++) {
      double log = getFloat(logp + 4L * e);
      sum += log == Double.NEGATIVE_INFINITY ? 0 : Math.exp(log) * log;
    }
    putFloat(y, (float) sum);
  }
}
