package org.sigmoe.nn.engine.cpu;

import java.util.function.IntFunction;

/**
 * A product of few rows and many columns in slices of columns, for numbers of rows as they come.
 */
final class SlicePlans {
  /** Most columns of a slice: wide enough for the library's full speed. */
  static final int NARROW = 256;

  /** The same where all slices need the other operand prepared, and others keep threads busy. */
  static final int WIDE = 512;

  /** Columns of a slice are a multiple of this, but for the last slice. */
  private static final int TILE = 16;

  private final Split slices;
  private final RowPlans whole;
  private final RowPlans last;

  /**
   * Plans for slices of nearly equal width.
   *
   * @param columns of the whole product
   * @param most columns of a slice
   * @param plans from the width of a slice to its plans
   */
  SlicePlans(int columns, int most, IntFunction<RowPlans> plans) {
    int width = Math.ceilDiv(columns, Math.ceilDiv(columns, most));
    slices = new Split(columns, Math.min(columns, Math.ceilDiv(width, TILE) * TILE));
    whole = plans.apply(slices.end(0));
    last = plans.apply(columns - slices.begin(slices.chunks() - 1));
  }

  /** The columns of each slice. */
  Split slices() {
    return slices;
  }

  /** The plans of a slice. */
  RowPlans of(int slice) {
    return slice == slices.chunks() - 1 ? last : whole;
  }
}
