package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import org.sigmoe.nn.graph.op.ProductKeyTopK;

/** {@link ProductKeyTopK.Gradient}: each row adds its slots to both halves in order. */
final class ProductKeyTopKGradientKernel implements Kernel {
  private final int keysA;
  private final int keysB;
  private final int k;
  private final long dscores;
  private final long indices;
  private final long da;
  private final long db;
  private final Split split;

  ProductKeyTopKGradientKernel(
      ProductKeyTopK.Gradient op, int rows, int k, long dscores, long indices, long da, long db) {
    this.keysA = op.keysA();
    this.keysB = op.keysB();
    this.k = k;
    this.dscores = dscores;
    this.indices = indices;
    this.da = da;
    this.db = db;
    this.split = Split.of(rows, keysA + keysB + 2L * k);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long first = da + 4L * row * keysA;
      long second = db + 4L * row * keysB;
      Blocks.clear(first, keysA);
      Blocks.clear(second, keysB);
      for (int slot = row * k; slot < (row + 1) * k; slot++) {
        int pair = Indices.at(indices, slot, keysA * keysB);
        float gradient = getFloat(dscores + 4L * slot);
        add(first + 4L * (pair / keysB), gradient);
        add(second + 4L * (pair % keysB), gradient);
      }
    }
  }

  private static void add(long address, float gradient) {
    putFloat(address, getFloat(address) + gradient);
  }
}
