package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

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
   * LaunchShapes#elements} for {@code rows pitch}.
   *
   * @param pitch of {@link #pitch}
   */
  public static void toBf16(
      KernelContext context, FloatArray x, int rows, int columns, int pitch, ShortArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, rows * pitch);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int row = i / pitch;
      int column = i - row * pitch;
      float value = 0f;
      if (column < columns) {
        value = x.get(row * columns + column);
      }
      y.set(i, BFloat16.bf16FromFloat(value));
    }
  }
}
