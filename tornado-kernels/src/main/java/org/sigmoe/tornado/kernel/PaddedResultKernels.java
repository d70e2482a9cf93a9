package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Takes results without gaps from rows that have more columns. f32. Right on OpenCL and CUDA. */
public final class PaddedResultKernels {
  private PaddedResultKernels() {}

  /**
   * y [rows, columns] = x [rows, pitch] without what is behind its columns. Launch shape: {@link
   * LaunchShapes#elements} of y.
   *
   * @param elements of y
   */
  public static void copy(
      KernelContext context, FloatArray x, int pitch, int columns, int elements, FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int row = i / columns;
      y.set(i, x.get(row * pitch + i - row * columns));
    }
  }

  /** As {@link #copy}, added to y. */
  public static void add(
      KernelContext context, FloatArray x, int pitch, int columns, int elements, FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int row = i / columns;
      y.set(i, y.get(i) + x.get(row * pitch + i - row * columns));
    }
  }
}
