package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** {@link org.sigmoe.nn.graph.op.Mean.Gradient}: every element is dy / elements. */
final class MeanGradientKernel implements Kernel {
  private final long elements;
  private final long dy;
  private final long dx;
  private final FlatSplit split;

  MeanGradientKernel(long elements, long dy, long dx) {
    this.elements = elements;
    this.dy = dy;
    this.dx = dx;
    this.split = new FlatSplit(elements);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    float value = NativeMemory.getFloat(dy) / elements;
    Blocks.fill(dx + split.beginByte(chunk), split.count(chunk), value);
  }
}
