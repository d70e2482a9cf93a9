package org.sigmoe.nn.engine.cpu;

import java.util.function.Function;
import java.util.function.IntFunction;
import org.sigmoe.nn.engine.cpu.gemm.GemmPlan;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;

/**
 * One product for numbers of rows that are known only when a program runs. A plan is for a fixed
 * number of rows: a few below {@link #TILE}, then each multiple of it up to {@link #MOST}. Rows are
 * cut into as few blocks as can be, of nearly equal size, and a block runs with the next plan that
 * is large enough: what a product costs beside its rows (libraries lay out the other operand anew
 * for each) is paid once a block, so that a few rows too many are cheaper than another block.
 */
final class RowPlans {
  /** Rows of the largest block: enough for the library's full speed, and still in the cache. */
  static final int MOST = 128;

  /** Plans are for multiples of so many rows, but for powers of two below. */
  static final int TILE = 16;

  private static final int SMALL = Integer.numberOfTrailingZeros(TILE);

  private final GemmPlan[] plans = new GemmPlan[SMALL + MOST / TILE];

  /**
   * Plans for all sizes of blocks.
   *
   * @param shape the product for a number of rows
   * @param planner makes a plan; it closes it too
   */
  RowPlans(IntFunction<GemmShape> shape, Function<GemmShape, GemmPlan> planner) {
    for (int i = 0; i < plans.length; i++) {
      plans[i] = planner.apply(shape.apply(i < SMALL ? 1 << i : (i - SMALL + 1) * TILE));
    }
  }

  /** Rows of the first block of {@code rows} rows, which are at least 1. */
  static int block(int rows) {
    int blocks = Math.ceilDiv(rows, MOST);
    return Math.min(rows, padded(Math.ceilDiv(rows, blocks)));
  }

  /** Rows that the plan for a block is for: those of the block or a few more. */
  static int padded(int block) {
    return block < TILE
        ? 1 << Integer.SIZE - Integer.numberOfLeadingZeros(block - 1)
        : Math.ceilDiv(block, TILE) * TILE;
  }

  /** The plan for {@link #padded} rows. */
  GemmPlan of(int padded) {
    return plans[padded < TILE ? Integer.numberOfTrailingZeros(padded) : SMALL + padded / TILE - 1];
  }
}
