package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/**
 * The end of a sum over chunks, in double and in order: result = start + scale * sum of partials.
 * {@link org.sigmoe.nn.graph.op.Mean} and {@link org.sigmoe.nn.graph.op.AddSquaredNorm}.
 */
final class SumEndKernel implements Kernel {
  private static final long NONE = 0;

  private final long partials;
  private final int count;
  private final double scale;
  private final long start;
  private final long result;

  private SumEndKernel(long partials, int count, double scale, long start, long result) {
    this.partials = partials;
    this.count = count;
    this.scale = scale;
    this.start = start;
    this.result = result;
  }

  /** result = scale * sum. */
  static Kernel scaled(long partials, int count, double scale, long result) {
    return new SumEndKernel(partials, count, scale, NONE, result);
  }

  /** result = start + sum. */
  static Kernel added(long partials, int count, long start, long result) {
    return new SumEndKernel(partials, count, 1, start, result);
  }

  @Override
  public int chunks() {
    return 1;
  }

  @Override
  public void run(int chunk, int worker) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += NativeMemory.getFloat(partials + 4L * i);
    }
    double before = start == NONE ? 0 : NativeMemory.getFloat(start);
    NativeMemory.putFloat(result, (float) (before + scale * sum));
  }
}
