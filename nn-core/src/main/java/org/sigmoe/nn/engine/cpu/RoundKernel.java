package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.engine.cpu.gemm.Bf16;

/** Rounds floats to bf16, for products in that precision. */
final class RoundKernel implements Kernel {
  private final long source;
  private final long target;
  private final FlatSplit split;

  RoundKernel(long elements, long source, long target) {
    this.source = source;
    this.target = target;
    this.split = new FlatSplit(elements);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long begin = split.beginByte(chunk);
    Bf16.round(source + begin, target + begin / 2, split.count(chunk));
  }
}
