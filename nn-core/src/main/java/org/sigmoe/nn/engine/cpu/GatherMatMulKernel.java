package org.sigmoe.nn.engine.cpu;

import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.op.GroupedSizes;

/**
 * {@link org.sigmoe.nn.graph.op.GatherMatMul}: a chunk is a range of sorted rows, whatever groups
 * they belong to; the rows of a block are gathered into scratch memory and multiplied there.
 */
final class GatherMatMulKernel implements Kernel {
  /** Sorted rows of a chunk. */
  private static final int CHUNK = 8 * RowPlans.MOST;

  private final GroupedSizes sizes;
  private final SortedRows rows;
  private final RowGatherer gatherer;
  private final RowPlans plans;
  private final long m;
  private final long matrixBytes;
  private final @Nullable BlockStage stage;
  private final SortedResult y;
  private final ScratchMemory memory;
  private final int gatheredScratch;
  private final int productScratch;
  private final int stageScratch;
  private final Split split;

  /**
   * A product.
   *
   * @param gatherer of the rows of x
   * @param plans of [rows, D] with a matrix of m
   * @param m address of the matrices
   * @param matrixBytes bytes from one matrix to the next
   * @param stage what is done to the product of a block, if anything is
   * @param y the result [S, G]
   */
  GatherMatMulKernel(
      GroupedSizes sizes,
      SortedRows rows,
      RowGatherer gatherer,
      RowPlans plans,
      long m,
      long matrixBytes,
      @Nullable BlockStage stage,
      SortedResult y,
      ScratchMemory memory) {
    this.sizes = sizes;
    this.rows = rows;
    this.gatherer = gatherer;
    this.plans = plans;
    this.m = m;
    this.matrixBytes = matrixBytes;
    this.stage = stage;
    this.y = y;
    this.memory = memory;
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    this.gatheredScratch = layout.add(RowPlans.MOST * sizes.width());
    this.productScratch = layout.add(RowPlans.MOST * sizes.size());
    this.stageScratch = stage == null ? 0 : layout.add(stage.scratchFloats());
    memory.require(layout);
    this.split = new Split(sizes.slots(), CHUNK);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long base = memory.of(worker);
    int row = split.begin(chunk);
    int end = split.end(chunk);
    for (int group = rows.groupOf(row); row < end; group++) {
      int last = Math.min(end, rows.end(group));
      while (row < last) {
        int block = RowPlans.block(last - row);
        gatherer.gather(row, block, 0, sizes.width(), base + gatheredScratch);
        multiply(row, block, m + group * matrixBytes, base);
        row += block;
      }
    }
  }

  /** Rows of a plan that are not of the block would be others' in the result. */
  private void multiply(int row, int block, long matrix, long base) {
    int padded = RowPlans.padded(block);
    boolean direct = stage == null && padded == block && y.isPlain();
    long product = direct ? y.at(row) : base + productScratch;
    plans.of(padded).run(base + gatheredScratch, matrix, product);
    if (stage != null) {
      stage.apply(row, block, product, base + stageScratch);
    }
    if (!direct) {
      y.write(row, block, product);
    }
  }
}
