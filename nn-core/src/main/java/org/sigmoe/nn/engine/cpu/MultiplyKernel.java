package org.sigmoe.nn.engine.cpu;

/** {@link org.sigmoe.nn.graph.op.Multiply}: z = a * b, element by element. */
final class MultiplyKernel extends ElementwiseKernel {
  private final long a;
  private final long b;
  private final long z;

  MultiplyKernel(long elements, long a, long b, long z) {
    super(elements);
    this.a = a;
    this.b = b;
    this.z = z;
  }

  @Override
  void run(long begin, long end) {
    for (long offset = begin; offset < end; offset += Lanes.BYTES) {
      Lanes.store(Lanes.load(a + offset).mul(Lanes.load(b + offset)), z + offset);
    }
  }
}
