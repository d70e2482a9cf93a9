package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.engine.cpu.gemm.Bf16;

/**
 * Where sorted rows are written: as floats, rounded to bf16 for the products that read them, or as
 * both.
 *
 * @param columns of a row
 * @param floats address of the rows, or {@link #NONE}
 * @param rounded address of the rows in bf16, or {@link #NONE}
 */
record SortedResult(int columns, long floats, long rounded) {
  /** Address that stands for a form that nobody reads. */
  static final long NONE = 0;

  /** Whether floats are all that is wanted. */
  boolean isPlain() {
    return rounded == NONE;
  }

  /** Address of a row's floats. */
  long at(int row) {
    return floats + 4L * row * columns;
  }

  /** Writes the rows of a block, which lie one behind the other. */
  void write(int first, int count, long block) {
    long elements = (long) count * columns;
    if (floats != NONE) {
      Blocks.copy(block, at(first), Float.BYTES * elements);
    }
    if (rounded != NONE) {
      Bf16.round(block, rounded + (long) Bf16.BYTES * first * columns, elements);
    }
  }
}
