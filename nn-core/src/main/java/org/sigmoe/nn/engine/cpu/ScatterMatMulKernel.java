package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.graph.op.GroupedSizes;

/**
 * {@link org.sigmoe.nn.graph.op.ScatterMatMul}: a chunk owns a slice of the columns of a range of
 * the result's rows. It goes over the groups in order; the sorted rows of a group that belong to
 * the range are consecutive. The products of a block lie in scratch memory and are added to the
 * rows from there, so that each row is summed in the order of its groups.
 */
final class ScatterMatMulKernel implements Kernel {
  /** Address that stands for no addend. */
  static final long NOTHING = 0;

  /** Chunks that a result of many rows is cut into at least. */
  private static final int LEAST_CHUNKS = 8;

  /** Rows of a group that a chunk should have on average: a few whole blocks. */
  private static final int GROUP_ROWS = 4 * RowPlans.MOST;

  /** Fewest rows of a chunk, however few groups there are. */
  private static final int LEAST_ROWS = 128;

  private final GroupedSizes sizes;
  private final int slots;
  private final SortedRows rows;
  private final SlicePlans plans;
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
   * @param y address of the result [.., D]
   */
  ScatterMatMulKernel(
      GroupedSizes sizes,
      int slots,
      SortedRows rows,
      SlicePlans plans,
      Operands operands,
      long y,
      ScratchMemory memory) {
    this.sizes = sizes;
    this.slots = slots;
    this.rows = rows;
    this.plans = plans;
    this.a = operands.a();
    this.m = operands.m();
    this.matrixBytes = operands.matrixBytes();
    this.columnBytes = operands.columnBytes();
    this.weights = operands.weights();
    this.addend = operands.addend();
    this.y = y;
    this.memory = memory;
    this.slices = plans.slices();
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    this.productScratch = layout.add(RowPlans.MOST * slices.chunkItems());
    this.sortedScratch = layout.add(a.scratchFloats());
    memory.require(layout);
    this.split = split(sizes, slots, slices.chunks());
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
    for (int token = begin; token < end; token++) {
      begin(target(token, from), width);
    }
    RowPlans products = plans.of(slice);
    long product = memory.of(worker) + productScratch;
    for (int group = 0; group < sizes.groups(); group++) {
      long matrix = m + group * matrixBytes + from * columnBytes;
      int row = rows.firstFrom(group, begin * slots);
      int last = rows.firstFrom(group, end * slots);
      while (row < last) {
        int block = RowPlans.block(last - row);
        long sorted = a.apart(row, block, memory.of(worker) + sortedScratch);
        products.of(RowPlans.padded(block)).run(sorted, matrix, product);
        add(row, block, from, width, product);
        row += block;
      }
    }
  }

  private void begin(long target, int width) {
    if (addend == NOTHING) {
      Blocks.clear(target, width);
    } else if (addend != y) {
      Blocks.copy(addend + target - y, target, 4L * width);
    }
  }

  private long target(int token, int column) {
    return y + 4 * ((long) token * sizes.width() + column);
  }

  private void add(int first, int count, int from, int width, long product) {
    VectorMask<Float> rest = Lanes.rest(width);
    for (int i = 0; i < count; i++) {
      int slot = rows.slot(first + i);
      FloatVector weight =
          Lanes.all(weights == SortedOperand.UNWEIGHTED ? 1 : getFloat(weights + 4L * slot));
      long source = product + 4L * i * width;
      long target = target(slot / slots, from);
      for (int c = 0; c < width; c += Lanes.COUNT) {
        int left = width - c;
        FloatVector sum = Lanes.load(target + 4L * c, left, rest);
        FloatVector more = Lanes.load(source + 4L * c, left, rest);
        Lanes.store(more.fma(weight, sum), target + 4L * c, left, rest);
      }
    }
  }
}
