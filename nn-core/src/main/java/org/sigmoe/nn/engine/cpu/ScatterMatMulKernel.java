package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putLong;

import org.sigmoe.nn.graph.op.GroupedSizes;

/**
 * {@link org.sigmoe.nn.graph.op.ScatterMatMul}: a chunk owns a slice of the columns of a range of
 * the result's rows. It goes over the groups in order; the sorted rows of a group that belong to
 * the range are consecutive. Their products lie in scratch memory, from where each row of the
 * result is summed once, in the order of its slots.
 */
final class ScatterMatMulKernel implements Kernel {
  /** Address that stands for no addend. */
  static final long NOTHING = 0;

  /** Chunks that a result of many rows is cut into at least. */
  private static final int LEAST_CHUNKS = 8;

  /** Rows of a group that a chunk should have on average, for the library's full speed. */
  private static final int GROUP_ROWS = 128;

  /** Fewest rows of a chunk, however few groups there are. */
  private static final int LEAST_ROWS = 128;

  private final GroupedSizes sizes;
  private final int slots;
  private final SortedRows rows;
  private final SlicePlans plans;
  private final SlotSums sums;
  private final SortedOperand a;
  private final long m;
  private final long matrixBytes;
  private final long columnBytes;
  private final long weights;
  private final long addend;
  private final long y;
  private final ScratchMemory memory;
  private final int productScratch;
  private final int sortedScratch;
  private final int placeScratch;
  private final Split slices;
  private final Split split;

  /**
   * A kernel's operands.
   *
   * @param a the sorted rows
   * @param m address of the matrices
   * @param matrixBytes bytes from one matrix to the next
   * @param columnBytes bytes from one column that a matrix gives to the next
   * @param weights address of the weights, or {@link SortedOperand#UNWEIGHTED}
   * @param addend address of what the products are added to [.., D], which may be the result, or
   *     {@link #NOTHING}
   */
  record Operands(
      SortedOperand a, long m, long matrixBytes, long columnBytes, long weights, long addend) {}

  /**
   * A product.
   *
   * @param slots slots of a row of the result
   * @param plans of [rows, G] with a matrix of m
   * @param sums of what the plans give
   * @param y address of the result [.., D]
   */
  ScatterMatMulKernel(
      GroupedSizes sizes,
      int slots,
      SortedRows rows,
      SlicePlans plans,
      SlotSums sums,
      Operands operands,
      long y,
      ScratchMemory memory) {
    this.sizes = sizes;
    this.slots = slots;
    this.rows = rows;
    this.plans = plans;
    this.sums = sums;
    this.a = operands.a();
    this.m = operands.m();
    this.matrixBytes = operands.matrixBytes();
    this.columnBytes = operands.columnBytes();
    this.weights = operands.weights();
    this.addend = operands.addend();
    this.y = y;
    this.memory = memory;
    this.slices = plans.slices();
    this.split = split(sizes, slots, slices.chunks());
    int most = split.chunkItems() * slots;
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    int products = Math.multiplyExact(most + RowPlans.WIDE_TILE, slices.chunkItems());
    int bytes = Math.addExact(Math.multiplyExact(products, sums.elementBytes()), sums.readBehind());
    this.productScratch = layout.add(Math.ceilDiv(bytes, Float.BYTES));
    this.placeScratch = layout.add(2 * most);
    this.sortedScratch = layout.add(a.scratchFloats());
    memory.require(layout);
  }

  private static Split split(GroupedSizes sizes, int slots, int slices) {
    int tokens = sizes.slots() / slots;
    int most = Math.max(LEAST_ROWS, Math.ceilDiv(tokens, Math.ceilDiv(LEAST_CHUNKS, slices)));
    long wanted = (long) GROUP_ROWS * sizes.groups() / slots;
    return new Split(tokens, Math.clamp(wanted, LEAST_ROWS, most));
  }

  @Override
  public int chunks() {
    return split.chunks() * slices.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int slice = chunk % slices.chunks();
    int begin = split.begin(chunk / slices.chunks());
    int end = split.end(chunk / slices.chunks());
    int from = slices.begin(slice);
    int width = slices.end(slice) - from;
    long base = memory.of(worker);
    multiply(slice, begin * slots, end * slots, base);
    for (int token = begin; token < end; token++) {
      sum(token, begin, from, width, base);
    }
  }

  /** Puts the products of a range of slots into scratch memory, and their places too. */
  private void multiply(int slice, int begin, int end, long base) {
    int from = slices.begin(slice);
    int width = slices.end(slice) - from;
    RowPlans products = plans.of(slice);
    long places = base + placeScratch;
    long product = base + productScratch;
    long rowBytes = (long) sums.elementBytes() * width;
    for (int group = 0; group < sizes.groups(); group++) {
      long matrix = m + group * matrixBytes + from * columnBytes;
      int row = rows.firstFrom(group, begin);
      int last = rows.firstFrom(group, end);
      while (row < last) {
        int block = RowPlans.block(last - row);
        long sorted = a.apart(row, block, base + sortedScratch);
        products.of(RowPlans.padded(block)).run(sorted, matrix, product);
        for (int i = 0; i < block; i++) {
          putLong(places + 8L * (rows.slot(row + i) - begin), product + i * rowBytes);
        }
        // What the plan wrote beyond the block is written over by the next one.
        product += block * rowBytes;
        row += block;
      }
    }
  }

  private void sum(int token, int begin, int from, int width, long base) {
    long offset = 4 * ((long) token * sizes.width() + from);
    long places = base + placeScratch + 8L * (token - begin) * slots;
    long sum = addend + offset;
    long target = y + offset;
    if (addend == NOTHING) {
      Blocks.clear(target, width);
      sum = target;
    }
    int slot = 0;
    for (; slot + 4 <= slots; slot += 4) {
      int first = token * slots + slot;
      sums.addFour(
          sum,
          places + 8L * slot,
          weight(first),
          weight(first + 1),
          weight(first + 2),
          weight(first + 3),
          target,
          width);
      sum = target;
    }
    for (; slot < slots; slot++) {
      float weight = weight(token * slots + slot);
      sums.addOne(sum, places + 8L * slot, weight, target, width);
      sum = target;
    }
  }

  private float weight(int slot) {
    return weights == SortedOperand.UNWEIGHTED ? 1 : getFloat(weights + 4L * slot);
  }
}
