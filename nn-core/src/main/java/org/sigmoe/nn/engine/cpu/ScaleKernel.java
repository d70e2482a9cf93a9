package org.sigmoe.nn.engine.cpu;

/** {@link org.sigmoe.nn.graph.op.Scale}: y = factor * x, element by element. */
final class ScaleKernel implements Kernel {
  private final float factor;
  private final long x;
  private final long y;
  private final FlatSplit split;

  ScaleKernel(float factor, long elements, long x, long y) {
    this.factor = factor;
    this.x = x;
    this.y = y;
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
      Lanes.store(Lanes.load(x + offset).mul(factor), y + offset);
    }
  }
}
