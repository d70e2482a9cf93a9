package org.sigmoe.tornado.kernel;

import org.sigmoe.nn.graph.op.DropoutMask;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Dropout with the masks of {@link DropoutMask}, computed where they are needed: key i32[2] holds
 * seed and step on the device, so that a step's mask differs without a new kernel.
 *
 * <p>f32. OpenCL and CUDA.
 */
public final class DropoutKernels {
  private DropoutKernels() {}

  /**
   * y = x * scale where the mask keeps an element, else 0. y may be x. Launch shape: {@link
   * LaunchShapes#elements}.
   *
   * @param site number of the place where elements are dropped
   * @param threshold {@link DropoutMask#threshold} of the rate
   * @param scale {@link DropoutMask#scale} of the rate, or 1 for a mask alone
   */
  public static void dropout(
      KernelContext context,
      FloatArray x,
      IntArray key,
      int elements,
      int site,
      int threshold,
      float scale,
      FloatArray y) {
    int key1 = key1(key, site);
    int key2 = key2(key, site);
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, drop(x.get(i), i, key1, key2, threshold, scale));
    }
  }

  /**
   * As {@link #dropout}, y rounded to bf16. Launch shape: {@link LaunchShapes#elements} of pairs.
   *
   * @param x [rows, columns]
   * @param pairs of y
   * @param pitch of {@link RoundingKernels#pitch}
   * @param y [rows, pitch] as {@link Bf16Pairs}, columns that x lacks 0
   */
  public static void dropoutRounded(
      KernelContext context,
      FloatArray x,
      IntArray key,
      int pairs,
      int columns,
      int pitch,
      int site,
      int threshold,
      float scale,
      IntArray y) {
    int key1 = key1(key, site);
    int key2 = key2(key, site);
    int pairsOfRow = pitch / 2;
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(start + LaunchShapes.SPAN, pairs);
    for (int i = start; i < end; i += LaunchShapes.GROUP) {
      int row = i / pairsOfRow;
      int column = 2 * (i - row * pairsOfRow);
      int index = row * columns + column;
      float first = Bf16Pairs.orZero(x, row * columns, column, columns);
      float second = Bf16Pairs.orZero(x, row * columns, column + 1, columns);
      first = drop(first, index, key1, key2, threshold, scale);
      second = drop(second, index + 1, key1, key2, threshold, scale);
      y.set(i, Bf16Pairs.of(first, second));
    }
  }

  /** First word of the key of a site's mask. */
  static int key1(IntArray key, int site) {
    return DropoutMask.key1(key.get(0), key.get(1), site);
  }

  /** Second word. */
  static int key2(IntArray key, int site) {
    return DropoutMask.key2(key.get(0), key.get(1), site);
  }

  /** x * scale if element {@code index} is kept, else 0. */
  static float drop(float x, int index, int key1, int key2, int threshold, float scale) {
    return DropoutMask.keeps(index, key1, key2, threshold) ? x * scale : 0f;
  }
}
