package org.sigmoe.nn.engine.cpu;

/** {@link org.sigmoe.nn.graph.op.Multiply}: z = a * b, element by element. */
final class MultiplyKernel implements Kernel {
  private final long a;
  private final long b;
  private final long z;
  private final FlatSplit split;

  MultiplyKernel(long elements, long a, long b, long z) {
    this.a = a;
    this.b = b;
    this.z = z;
    this.split = new FlatSplit(elements);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long base = split.beginByte(chunk);
    for (int i = 0; i < split.wholeVectors(chunk); i += Lanes.COUNT) {
      long offset = base + 4L * i;
      Lanes.store(Lanes.load(a + offset).mul(Lanes.load(b + offset)), z + offset);
    }
  }
}
