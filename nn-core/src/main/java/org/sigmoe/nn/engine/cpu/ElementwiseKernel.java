package org.sigmoe.nn.engine.cpu;

/** A kernel that goes through its operands element by element, whole vectors at a time. */
abstract class ElementwiseKernel implements Kernel {
  private final FlatSplit split;

  ElementwiseKernel(long elements) {
    this.split = new FlatSplit(elements);
  }

  @Override
  public final int chunks() {
    return split.chunks();
  }

  @Override
  public final void run(int chunk, int worker) {
    long begin = split.beginByte(chunk);
    run(begin, begin + 4L * split.wholeVectors(chunk));
  }

  /** Does the elements from offset {@code begin} to {@code end}, in bytes, a vector at a time. */
  abstract void run(long begin, long end);
}
