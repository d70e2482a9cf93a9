package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.graph.op.ProductKeyTable;

/**
 * {@link ProductKeyTable.Gradient}: sums of the lines of a row's table and sums of its columns,
 * each written once for every head.
 */
final class ProductKeyTableGradientKernel implements Kernel {
  private final ProductKeyTable.Sizes sizes;
  private final long dy;
  private final long da;
  private final long db;
  private final Split split;

  ProductKeyTableGradientKernel(ProductKeyTable.Sizes sizes, long dy, long da, long db) {
    this.sizes = sizes;
    this.dy = dy;
    this.da = da;
    this.db = db;
    this.split = Split.of(sizes.rows(), (long) sizes.keysA() * sizes.keysB());
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long table = dy + 4L * row * sizes.keysA() * sizes.keysB();
      sumLines(table, da + 4L * row * sizes.heads() * sizes.keysA());
      sumColumns(table, db + 4L * row * sizes.heads() * sizes.keysB());
    }
  }

  private void sumLines(long table, long target) {
    int keys = sizes.keysB();
    VectorMask<Float> rest = Lanes.rest(keys);
    for (int i = 0; i < sizes.keysA(); i++) {
      long line = table + 4L * i * keys;
      FloatVector sums = Lanes.all(0f);
      for (int j = 0; j < keys; j += Lanes.COUNT) {
        sums = sums.add(Lanes.load(line + 4L * j, keys - j, rest));
      }
      float sum = Lanes.sum(sums);
      for (int head = 0; head < sizes.heads(); head++) {
        putFloat(target + 4L * (head * sizes.keysA() + i), sum);
      }
    }
  }

  private void sumColumns(long table, long target) {
    int keys = sizes.keysB();
    VectorMask<Float> rest = Lanes.rest(keys);
    for (int j = 0; j < keys; j += Lanes.COUNT) {
      int left = keys - j;
      FloatVector sum = Lanes.all(0f);
      for (int i = 0; i < sizes.keysA(); i++) {
        sum = sum.add(Lanes.load(table + 4L * (i * keys + j), left, rest));
      }
      for (int head = 0; head < sizes.heads(); head++) {
        Lanes.store(sum, target + 4L * (head * keys + j), left, rest);
      }
    }
  }
}
