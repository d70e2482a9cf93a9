package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.engine.cpu.gemm.GemmPlan;
import org.sigmoe.nn.graph.op.GroupedOuterProduct.Side;
import org.sigmoe.nn.graph.op.GroupedSizes;

/**
 * {@link org.sigmoe.nn.graph.op.GroupedOuterProduct}: a chunk owns a slice of the gathered columns
 * of one group's matrix, so that a group with all rows still keeps several threads busy. It adds
 * block by block of sorted rows, in order.
 */
final class GroupedOuterProductKernel implements Kernel {
  private final GroupedSizes sizes;
  private final Side gathered;
  private final SortedRows rows;
  private final RowGatherer gatherer;
  private final SlicePlans plans;
  private final SortedOperand sorted;
  private final long dm;
  private final ScratchMemory memory;
  private final int gatheredScratch;
  private final int sortedScratch;
  private final Split slices;

  /**
   * A product.
   *
   * @param gathered on which side of the product the gathered rows stand
   * @param gatherer of the rows of g
   * @param plans each of which adds to a slice of a group's matrix
   * @param sorted the sorted rows, with weights if there are any
   * @param dm address of the result, a matrix for each group
   */
  GroupedOuterProductKernel(
      GroupedSizes sizes,
      Side gathered,
      SortedRows rows,
      RowGatherer gatherer,
      SlicePlans plans,
      SortedOperand sorted,
      long dm,
      ScratchMemory memory) {
    this.sizes = sizes;
    this.gathered = gathered;
    this.rows = rows;
    this.gatherer = gatherer;
    this.plans = plans;
    this.sorted = sorted;
    this.dm = dm;
    this.memory = memory;
    this.slices = plans.slices();
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    this.gatheredScratch = layout.add(RowPlans.MOST * slices.chunkItems());
    this.sortedScratch = layout.add(sorted.scratchFloats());
    memory.require(layout);
  }

  @Override
  public int chunks() {
    return sizes.groups() * slices.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int group = chunk / slices.chunks();
    int slice = chunk % slices.chunks();
    int from = slices.begin(slice);
    int width = slices.end(slice) - from;
    RowPlans products = plans.of(slice);
    long matrix = dm + 4L * group * sizes.width() * sizes.size();
    long target = matrix + 4L * from * (gathered == Side.LEFT ? sizes.size() : 1);
    clear(target, width);
    long base = memory.of(worker);
    int row = rows.begin(group);
    int end = rows.end(group);
    while (row < end) {
      int block = RowPlans.block(end - row);
      long g = base + gatheredScratch;
      gatherer.gather(row, block, from, width, g);
      long z = sorted.summed(row, block, base + sortedScratch);
      GemmPlan product = products.of(RowPlans.padded(block));
      if (gathered == Side.LEFT) {
        product.run(g, z, target);
      } else {
        product.run(z, g, target);
      }
      row += block;
    }
  }

  private void clear(long target, int width) {
    if (gathered == Side.LEFT) {
      Blocks.clear(target, (long) width * sizes.size());
      return;
    }
    for (int i = 0; i < sizes.size(); i++) {
      Blocks.clear(target + 4L * i * sizes.width(), width);
    }
  }
}
