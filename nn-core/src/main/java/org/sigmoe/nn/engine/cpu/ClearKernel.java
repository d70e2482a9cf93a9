package org.sigmoe.nn.engine.cpu;

/** Sets a short vector to 0. */
final class ClearKernel implements Kernel {
  private final long floats;
  private final long target;

  ClearKernel(long floats, long target) {
    this.floats = floats;
    this.target = target;
  }

  @Override
  public int chunks() {
    return 1;
  }

  @Override
  public void run(int chunk, int worker) {
    Blocks.clear(target, floats);
  }
}
