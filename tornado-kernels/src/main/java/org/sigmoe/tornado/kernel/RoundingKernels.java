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

  /** Pairs of a thread. */
  private static final int PAIRS = LaunchShapes.SPAN / LaunchShapes.GROUP;

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
    float[] values = new float[2 * PAIRS];
    int pairsOfRow = pitch / 2;
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    // Known to the compiler: then x and y are alike, and no column needs to be looked at.
    boolean whole = pitch == columns;
    // All loads on their way before the first store.
    for (int i = 0; i < PAIRS; i++) {
      int pair = Math.min(start + i * LaunchShapes.GROUP, pairs - 1);
      int row = pair / pairsOfRow;
      int column = 2 * (pair - row * pairsOfRow);
      int first = row * columns + Math.min(column, columns - 1);
      int second = row * columns + Math.min(column + 1, columns - 1);
      values[2 * i] = x.get(whole ? 2 * pair : first);
      values[2 * i + 1] = x.get(whole ? 2 * pair + 1 : second);
    }
    for (int i = 0; i < PAIRS; i++) {
      int pair = start + i * LaunchShapes.GROUP;
      int column = 2 * (pair % pairsOfRow);
      if (pair < pairs) {
        float first = whole || column < columns ? values[2 * i] : 0f;
        float second = whole || column + 1 < columns ? values[2 * i + 1] : 0f;
        y.set(pair, Bf16Pairs.of(first, second));
      }
    }
  }
}
