package org.sigmoe.nn.engine.cpu;

import java.util.function.Function;
import java.util.function.IntFunction;
import org.sigmoe.nn.engine.cpu.gemm.GemmPlan;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;

/**
 * One product for numbers of rows that are known only when a program runs. A plan is for a fixed
 * number of rows, so that there is one for each power of two up to {@link #MOST}, and rows are cut
 * into blocks of these sizes, the largest first.
 */
final class RowPlans {
  /** Rows of the largest block: enough for the library's full speed, and still in the cache. */
  static final int MOST = 128;

  private final GemmPlan[] plans = new GemmPlan[Integer.numberOfTrailingZeros(MOST) + 1];

  /**
   * Plans for all sizes of blocks.
   *
   * @param shape the product for a number of rows
   * @param planner makes a plan; it closes it too
   */
  RowPlans(IntFunction<GemmShape> shape, Function<GemmShape, GemmPlan> planner) {
    for (int i = 0; i < plans.length; i++) {
      plans[i] = planner.apply(shape.apply(1 << i));
    }
  }

  /** Rows of the first block of {@code rows} rows, which are at least 1. */
  static int block(int rows) {
    return Math.min(MOST, Integer.highestOneBit(rows));
  }

  /** The plan for a block. */
  GemmPlan of(int block) {
    return plans[Integer.numberOfTrailingZeros(block)];
  }
}
