package org.sigmoe.nn.engine.cpu;

/** {@link org.sigmoe.nn.graph.op.Scale}: y = factor * x, element by element. */
final class ScaleKernel extends ElementwiseKernel {
  private final float factor;
  private final long x;
  private final long y;

  ScaleKernel(float factor, long elements, long x, long y) {
    super(elements);
    this.factor = factor;
    this.x = x;
    this.y = y;
  }

  @Override
  void run(long begin, long end) {
    for (long offset = begin; offset < end; offset += Lanes.BYTES) {
      Lanes.store(Lanes.load(x + offset).mul(factor), y + offset);
    }
  }
}
