package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.Bf16;
import org.sigmoe.nn.engine.cpu.gemm.OperandType;

/**
 * Gathers the rows that a block of sorted rows stands for into scratch memory, as an operand of a
 * product: times their weights if they have any, and rounded if the product's operands are.
 */
final class RowGatherer {
  /** Address that stands for no weights. */
  static final long UNWEIGHTED = 0;

  private final SortedRows rows;
  private final int slots;
  private final long source;
  private final int columns;
  private final long weights;
  private final OperandType type;

  /**
   * For the rows of a tensor.
   *
   * @param slots slots of a row
   * @param source address of the rows [.., columns]
   * @param columns elements of a row
   * @param weights address of the weights [.., slots], or {@link #UNWEIGHTED}
   * @param type of what is gathered
   */
  RowGatherer(
      SortedRows rows, int slots, long source, int columns, long weights, OperandType type) {
    this.rows = rows;
    this.slots = slots;
    this.source = source;
    this.columns = columns;
    this.weights = weights;
    this.type = type;
  }

  /** Places what a block needs into a kernel's scratch memory. */
  Scratch scratch(ScratchMemory.Layout layout, int widest) {
    int floats = layout.add(RowPlans.MOST * widest);
    int rounded = type == OperandType.F32 ? floats : layout.add(RowPlans.MOST * widest / 2);
    return new Scratch(floats, rounded);
  }

  /**
   * Offsets in a worker's block.
   *
   * @param floats where rows are gathered
   * @param operand where the operand lies then: there, or its rounded form
   */
  record Scratch(int floats, int operand) {}

  /**
   * Gathers columns of the rows of a block, one row behind the other.
   *
   * @param first first sorted row
   * @param count rows
   * @param from first column
   * @param width columns
   * @param base address of the worker's block
   * @return address of the operand [count, width]
   */
  long gather(int first, int count, int from, int width, Scratch scratch, long base) {
    long target = base + scratch.floats();
    for (int i = 0; i < count; i++) {
      int slot = rows.slot(first + i);
      long row = source + 4L * ((long) (slot / slots) * columns + from);
      long to = target + 4L * i * width;
      if (weights == UNWEIGHTED) {
        Blocks.copy(row, to, 4L * width);
      } else {
        scale(row, getFloat(weights + 4L * slot), to, width);
      }
    }
    long operand = base + scratch.operand();
    if (type == OperandType.BF16) {
      Bf16.round(target, operand, (long) count * width);
    }
    return operand;
  }

  private static void scale(long source, float factor, long target, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector scaled = Lanes.load(source + 4L * i, left, rest).mul(factor);
      Lanes.store(scaled, target + 4L * i, left, rest);
    }
  }
}
