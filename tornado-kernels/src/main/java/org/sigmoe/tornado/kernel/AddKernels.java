package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Sums of tensors: y = a + b, and the end of a residual branch, y = residual + dropout(x + bias).
 *
 * <p>Tensors are [rows, columns], row-major, elements = rows * columns; bias [columns]; key i32[2],
 * seed and step (see {@link DropoutKernels}). y may lie in the place of any tensor. Launch shape of
 * all: {@link LaunchShapes#elements}. f32. OpenCL and CUDA.
 */
public final class AddKernels {
  private AddKernels() {}

  /** y = a + b. */
  public static void add(
      KernelContext context, FloatArray a, FloatArray b, int elements, FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, a.get(i) + b.get(i));
    }
  }

  /** y = residual + x + bias. */
  public static void addBiased(
      KernelContext context,
      FloatArray residual,
      FloatArray x,
      FloatArray bias,
      int elements,
      int columns,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, residual.get(i) + (x.get(i) + bias.get(i % columns)));
    }
  }

  /** y = residual + dropout(x). */
  public static void addDropped(
      KernelContext context,
      FloatArray residual,
      FloatArray x,
      IntArray key,
      int elements,
      int site,
      int threshold,
      float scale,
      FloatArray y) {
    int key1 = DropoutKernels.key1(key, site);
    int key2 = DropoutKernels.key2(key, site);
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      float branch = DropoutKernels.drop(x.get(i), i, key1, key2, threshold, scale);
      y.set(i, residual.get(i) + branch);
    }
  }

  /** y = residual + dropout(x + bias). */
  public static void addBiasedDropped(
      KernelContext context,
      FloatArray residual,
      FloatArray x,
      FloatArray bias,
      IntArray key,
      int elements,
      int columns,
      int site,
      int threshold,
      float scale,
      FloatArray y) {
    int key1 = DropoutKernels.key1(key, site);
    int key2 = DropoutKernels.key2(key, site);
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      float biased = x.get(i) + bias.get(i % columns);
      float branch = DropoutKernels.drop(biased, i, key1, key2, threshold, scale);
      y.set(i, residual.get(i) + branch);
    }
  }
}
