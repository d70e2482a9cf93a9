package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rounds f32 to bf16, the upper 16 bits of an f32: for products whose operands are bf16.
 *
 * <p>On CUDA to the nearest, ties to even. On OpenCL it is right too, but slow and with ties away
 * from zero: there TornadoVM has no such conversion and compiles its Java form.
 */
public final class RoundingKernels {
  /**
   * Rows of a rounded matrix begin at multiples of so many elements, 64 bytes: a step of {@link
   * MmaTile}, and cuBLAS is faster.
   */
  private static final int ALIGNMENT = MmaTile.STEP;

  private RoundingKernels() {}

  /** Elements from one row of a rounded matrix to the next: columns, rounded up. */
  public static int pitch(int columns) {
    return Math.ceilDiv(columns, ALIGNMENT) * ALIGNMENT;
  }

  /**
   * y [rows, pitch] = x [rows, columns], and zeros in the columns that x lacks. Launch shape {@link
   * LaunchShapes#elements} of pairs.
   *
   * @param pairs of y
   * @param pitch of {@link #pitch}
   * @param y as {@link Bf16Pairs}
   */
  public static void toBf16(
      KernelContext context, FloatArray x, int pairs, int columns, int pitch, IntArray y) {
    int pairsOfRow = pitch / 2;
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(start + LaunchShapes.SPAN, pairs);
    for (int i = start; i < end; i += LaunchShapes.GROUP) {
      int row = i / pairsOfRow;
      int column = 2 * (i - row * pairsOfRow);
      float first = Bf16Pairs.orZero(x, row * columns, column, columns);
      float second = Bf16Pairs.orZero(x, row * columns, column + 1, columns);
      y.set(i, Bf16Pairs.of(first, second));
    }
  }
}
