package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import org.sigmoe.nn.engine.cpu.gemm.Bf16;
import org.sigmoe.nn.engine.cpu.gemm.OperandType;

/** Sorted rows as an operand of products: where they lie, or copied where that does not do. */
final class SortedOperand {
  /** Address that stands for no weights. */
  static final long UNWEIGHTED = 0;

  private final SortedRows rows;
  private final int total;
  private final int columns;
  private final long address;
  private final long weights;
  private final OperandType type;

  /**
   * Rows that may be multiplied by their slots' weights.
   *
   * @param total number of all rows
   * @param address of the rows [total, columns]
   * @param weights address of the weights [.., slots], or {@link #UNWEIGHTED}
   * @param type of the elements
   */
  SortedOperand(
      SortedRows rows, int total, int columns, long address, long weights, OperandType type) {
    this.rows = rows;
    this.total = total;
    this.columns = columns;
    this.address = address;
    this.weights = weights;
    this.type = type;
  }

  /** Floats of scratch memory that {@link #summed} and {@link #apart} need. */
  int scratchFloats() {
    return RowPlans.MOST * columns;
  }

  /**
   * A block whose rows are summed over, so that those behind it up to its plan's must be zeros.
   *
   * @param scratch address of memory that it may be written to
   * @return address of the rows, each times its weight
   */
  long summed(int first, int count, long scratch) {
    boolean asItLies = weights == UNWEIGHTED && RowPlans.padded(count) == count;
    return asItLies ? at(first) : copied(first, count, scratch);
  }

  /**
   * A block of which each row gives a row of its own: what is behind the block is of no account,
   * but must be there to be read. Weights are left out.
   */
  long apart(int first, int count, long scratch) {
    boolean asItLies = first + RowPlans.padded(count) <= total;
    return asItLies ? at(first) : copied(first, count, scratch);
  }

  private long at(int row) {
    return address + row * rowBytes();
  }

  private long rowBytes() {
    return (long) type.bytes() * columns;
  }

  private long copied(int first, int count, long target) {
    if (weights == UNWEIGHTED) {
      Blocks.copy(at(first), target, count * rowBytes());
    } else {
      for (int i = 0; i < count; i++) {
        float weight = getFloat(weights + 4L * rows.slot(first + i));
        scale(at(first + i), target + i * rowBytes(), weight);
      }
    }
    long padding = (RowPlans.padded(count) - count) * rowBytes();
    Blocks.clearBytes(target + count * rowBytes(), padding);
    return target;
  }

  private void scale(long source, long target, float factor) {
    switch (type) {
      case F32 -> Blocks.scale(source, target, columns, factor);
      case BF16 -> Bf16.scale(source, target, columns, factor);
    }
  }
}
