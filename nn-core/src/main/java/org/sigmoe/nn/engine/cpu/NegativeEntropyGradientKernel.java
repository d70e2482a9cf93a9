package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

/** {@link org.sigmoe.nn.graph.op.NegativeEntropy.Gradient}: one short vector, in double. */
final class NegativeEntropyGradientKernel implements Kernel {
  private final int experts;
  private final long dy;
  private final long logp;
  private final long dlogp;

  NegativeEntropyGradientKernel(int experts, long dy, long logp, long dlogp) {
    this.experts = experts;
    this.dy = dy;
    this.logp = logp;
    this.dlogp = dlogp;
  }

  @Override
  public int chunks() {
    return 1;
  }

  @Override
  public void run(int chunk, int worker) {
    double factor = getFloat(dy);
    for (int e = 0; e < experts; e++) {
      double log = getFloat(logp + 4L * e);
      double slope = log == Double.NEGATIVE_INFINITY ? 0 : Math.exp(log) * (log + 1);
      putFloat(dlogp + 4L * e, (float) (factor * slope));
    }
  }
}
