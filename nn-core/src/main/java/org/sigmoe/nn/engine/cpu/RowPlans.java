package org.sigmoe.nn.engine.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.sigmoe.nn.engine.cpu.gemm.GemmPlan;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;

/**
 * One product for numbers of rows that are known only when a program runs. A plan is for a fixed
 * number of rows, and there are plans for some numbers up to {@link #MOST}. Rows are cut into as
 * few blocks as can be, of nearly equal size, and a block runs with the next plan that is large
 * enough: what a product costs beside its rows (libraries lay out the other operand anew for each)
 * is paid once a block, so that a few rows too many are cheaper than another block.
 */
final class RowPlans {
  /** Rows of the largest block: enough for the library's full speed, and still in the cache. */
  static final int MOST = 256;

  /** Most rows of a plan that are not of its block, and one. */
  static final int WIDE_TILE = 32;

  /** Up to {@link #NARROW} rows, plans are for multiples of this, but for powers of two below. */
  private static final int TILE = 16;

  private static final int NARROW = 128;
  private static final int SMALL = Integer.numberOfTrailingZeros(TILE);
  private static final int MIDDLE = SMALL + NARROW / TILE;

  private final AtomicReferenceArray<GemmPlan> plans =
      new AtomicReferenceArray<>(MIDDLE + (MOST - NARROW) / WIDE_TILE);

  private final IntFunction<GemmShape> shape;
  private final Function<GemmShape, GemmPlan> planner;

  /**
   * Plans that are made when a block first needs them, since most programs need few of them.
   *
   * @param shape the product for a number of rows
   * @param planner makes a plan, the same for the same shape, on any thread; it closes it too
   */
  RowPlans(IntFunction<GemmShape> shape, Function<GemmShape, GemmPlan> planner) {
    this.shape = shape;
    this.planner = planner;
  }

  private static int rows(int plan) {
    if (plan < SMALL) {
      return 1 << plan;
    }
    return plan < MIDDLE ? (plan - SMALL + 1) * TILE : NARROW + (plan - MIDDLE + 1) * WIDE_TILE;
  }

  /** Rows of the first block of {@code rows} rows, which are at least 1. */
  static int block(int rows) {
    int blocks = Math.ceilDiv(rows, MOST);
    return Math.min(rows, padded(Math.ceilDiv(rows, blocks)));
  }

  /** Rows that the plan for a block is for: those of the block or a few more. */
  static int padded(int block) {
    return rows(plan(block));
  }

  /** The plan for {@link #padded} rows. */
  GemmPlan of(int padded) {
    int number = plan(padded);
    GemmPlan made = plans.get(number);
    if (made == null) {
      made = planner.apply(shape.apply(padded));
      plans.set(number, made);
    }
    return made;
  }

  /** Number of the first plan with enough rows. */
  private static int plan(int rows) {
    if (rows <= TILE) {
      return Integer.SIZE - Integer.numberOfLeadingZeros(rows - 1);
    }
    return rows <= NARROW
        ? SMALL + Math.ceilDiv(rows, TILE) - 1
        : MIDDLE + Math.ceilDiv(rows - NARROW, WIDE_TILE) - 1;
  }
}
