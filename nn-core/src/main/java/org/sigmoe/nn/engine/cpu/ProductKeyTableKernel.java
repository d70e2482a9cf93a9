package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.graph.op.ProductKeyTable;

/**
 * {@link ProductKeyTable}: for each row the second half's sums over heads go to scratch memory, and
 * each line of the table is these plus one sum of the first half.
 */
final class ProductKeyTableKernel implements Kernel {
  private final ProductKeyTable.Sizes sizes;
  private final ScratchMemory scratch;
  private final long a;
  private final long b;
  private final long y;
  private final Split split;

  ProductKeyTableKernel(
      ProductKeyTable.Sizes sizes, ScratchMemory scratch, long a, long b, long y) {
    this.sizes = sizes;
    this.scratch = scratch;
    this.a = a;
    this.b = b;
    this.y = y;
    this.split = Split.of(sizes.rows(), (long) sizes.keysA() * sizes.keysB());
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    layout.add(sizes.keysB());
    scratch.require(layout);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long sums = scratch.of(worker);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      sumHeads(b + 4L * row * sizes.heads() * sizes.keysB(), sums);
      long first = a + 4L * row * sizes.heads() * sizes.keysA();
      long line = y + 4L * row * sizes.keysA() * sizes.keysB();
      for (int i = 0; i < sizes.keysA(); i++) {
        float sum = 0;
        for (int head = 0; head < sizes.heads(); head++) {
          sum += getFloat(first + 4L * (head * sizes.keysA() + i));
        }
        writeLine(sums, sum, line + 4L * i * sizes.keysB());
      }
    }
  }

  private void sumHeads(long scores, long sums) {
    int keys = sizes.keysB();
    VectorMask<Float> rest = Lanes.rest(keys);
    for (int j = 0; j < keys; j += Lanes.COUNT) {
      int left = keys - j;
      FloatVector sum = Lanes.all(0f);
      for (int head = 0; head < sizes.heads(); head++) {
        sum = sum.add(Lanes.load(scores + 4L * (head * keys + j), left, rest));
      }
      Lanes.store(sum, sums + 4L * j, left, rest);
    }
  }

  private void writeLine(long sums, float first, long line) {
    int keys = sizes.keysB();
    VectorMask<Float> rest = Lanes.rest(keys);
    for (int j = 0; j < keys; j += Lanes.COUNT) {
      int left = keys - j;
      Lanes.store(Lanes.load(sums + 4L * j, left, rest).add(first), line + 4L * j, left, rest);
    }
  }
}
