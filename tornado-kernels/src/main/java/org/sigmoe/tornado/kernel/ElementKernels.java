package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Products of elements, and rows repeated. y may lie in the place of a tensor of its shape. Launch
 * shape of all: {@link LaunchShapes#elements} of y. f32. OpenCL and CUDA.
 */
public final class ElementKernels {
  private ElementKernels() {}

  /** y = a * b, element by element. */
  public static void multiply(
      KernelContext context, FloatArray a, FloatArray b, int elements, FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, a.get(i) * b.get(i));
    }
  }

  /** y = factor * x. */
  public static void scale(
      KernelContext context, FloatArray x, int elements, float factor, FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, factor * x.get(i));
    }
  }

  /**
   * Each row of y [rows, columns] is x [columns].
   *
   * @param elements rows * columns
   */
  public static void broadcastRows(
      KernelContext context, FloatArray x, int elements, int columns, FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, x.get(i % columns));
    }
  }
}
