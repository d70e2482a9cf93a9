package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** {@link org.sigmoe.nn.graph.op.ClipFactor}. */
record ClipFactorKernel(float maxNorm, long squaredNorm, long norm, long factor) implements Kernel {
  @Override
  public int chunks() {
    return 1;
  }

  @Override
  public void run(int chunk, int worker) {
    double length = Math.sqrt(NativeMemory.getFloat(squaredNorm));
    NativeMemory.putFloat(norm, (float) length);
    NativeMemory.putFloat(factor, (float) Math.min(1, maxNorm / (length + 1e-6)));
  }
}
