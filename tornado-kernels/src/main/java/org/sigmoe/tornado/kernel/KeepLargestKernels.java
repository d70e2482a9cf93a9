package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Keeps what is not smaller than the k-th largest element of its row, and its gradient. A NaN is
 * not smaller than anything, and is kept. k is at most columns. f32. OpenCL and CUDA.
 */
public final class KeepLargestKernels {
  private KeepLargestKernels() {}

  /**
   * y = x where x is not smaller than the k-th largest of its row, else 0. As {@link #scaled}, with
   * all factors 1.
   */
  public static void plain(KernelContext context, FloatArray x, int columns, int k, FloatArray y) {
    int at = context.groupIdx * columns;
    float threshold = Selection.kthLargest(context, x, x, 0, at, columns, k);
    for (int c = context.localIdx; c < columns; c += LaunchShapes.GROUP) {
      float element = x.get(at + c);
      y.set(at + c, element < threshold ? 0f : element);
    }
  }

  /**
   * y = x where x * factor is not smaller than the k-th largest such product of the row, else 0. y
   * may be x. Launch shape: {@link LaunchShapes#groups(int)} of rows.
   *
   * @param x [rows, columns]
   * @param factor [columns]
   */
  public static void scaled(
      KernelContext context, FloatArray x, FloatArray factor, int columns, int k, FloatArray y) {
    int at = context.groupIdx * columns;
    float threshold = Selection.kthLargest(context, x, factor, 1, at, columns, k);
    for (int c = context.localIdx; c < columns; c += LaunchShapes.GROUP) {
      float element = x.get(at + c);
      y.set(at + c, element * factor.get(c) < threshold ? 0f : element);
    }
  }

  /**
   * dx = dy where y, the result, is not 0, else 0. dx may be dy or y. Launch shape: {@link
   * LaunchShapes#elements}.
   */
  public static void gradient(
      KernelContext context, FloatArray dy, FloatArray y, int elements, FloatArray dx) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      float gradient = dy.get(i);
      dx.set(i, y.get(i) == 0f ? 0f : gradient);
    }
  }
}
