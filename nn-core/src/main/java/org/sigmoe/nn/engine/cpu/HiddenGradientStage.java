package org.sigmoe.nn.engine.cpu;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.sigmoe.nn.engine.cpu.Lanes.FLOATS;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.ALL;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.ORDER;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.sigmoe.nn.engine.cpu.gemm.Bf16;
import org.sigmoe.nn.engine.cpu.gemm.OperandType;

/**
 * {@link org.sigmoe.nn.graph.op.ScatterMatMul.WeightGradient} and after it the gradient of ReLU, of
 * a block of sorted rows.
 */
final class HiddenGradientStage implements BlockStage {
  private static final FloatVector ZERO = Lanes.all(0f);

  private final SortedRows rows;
  private final int columns;
  private final long hidden;
  private final OperandType type;
  private final long weights;
  private final float scale;
  private final long dweights;

  /**
   * Gradients for hidden units and weights.
   *
   * @param columns G, elements of a row
   * @param hidden address of the hidden units [S, G], after ReLU
   * @param type of their elements
   * @param weights address of the weights [.., K]
   * @param scale by which dropout multiplied what it kept, 1 without dropout
   * @param dweights address of the gradient for the weights
   */
  HiddenGradientStage(
      SortedRows rows,
      int columns,
      long hidden,
      OperandType type,
      long weights,
      float scale,
      long dweights) {
    this.rows = rows;
    this.columns = columns;
    this.hidden = hidden;
    this.type = type;
    this.weights = weights;
    this.scale = scale;
    this.dweights = dweights;
  }

  @Override
  public int scratchFloats() {
    return type == OperandType.F32 ? 0 : RowPlans.MOST * columns;
  }

  @Override
  public void apply(int first, int count, long block, long scratch) {
    long units = units(first, count, scratch);
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int i = 0; i < count; i++) {
      int slot = rows.slot(first + i);
      FloatVector weight = broadcast(FLOATS, getFloat(weights + 4L * slot) * scale);
      // Not a constant: a sum that begins with one would be on the heap.
      FloatVector sum = broadcast(FLOATS, 0f);
      // With the methods of Lanes this was four times as slow in some runs: presumably the compiler
      // does not inline what it has compiled for itself before, and what it gives is on the heap.
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        boolean whole = columns - c >= Lanes.COUNT;
        long offset = 4L * ((long) i * columns + c);
        long atU = block + offset;
        long atA = units + offset;
        FloatVector u =
            whole
                ? fromMemorySegment(FLOATS, ALL, atU, ORDER)
                : fromMemorySegment(FLOATS, ALL, atU, ORDER, rest);
        FloatVector a =
            whole
                ? fromMemorySegment(FLOATS, ALL, atA, ORDER)
                : fromMemorySegment(FLOATS, ALL, atA, ORDER, rest);
        sum = u.fma(a, sum);
        FloatVector gradient = ZERO.blend(u.mul(weight), a.compare(VectorOperators.GT, 0f));
        if (whole) {
          gradient.intoMemorySegment(ALL, atU, ORDER);
        } else {
          gradient.intoMemorySegment(ALL, atU, ORDER, rest);
        }
      }
      putFloat(dweights + 4L * slot, Lanes.sum(sum));
    }
  }

  private long units(int first, int count, long scratch) {
    long at = hidden + (long) type.bytes() * first * columns;
    if (type == OperandType.F32) {
      return at;
    }
    Bf16.widen(at, scratch, (long) count * columns);
    return scratch;
  }
}
