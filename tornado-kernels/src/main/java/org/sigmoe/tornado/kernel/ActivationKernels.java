package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Bias, ReLU and dropout in one pass, in all combinations that {@link DropoutKernels} leaves, and
 * the gradient of ReLU with or without dropout.
 *
 * <p>x and y [rows, columns], row-major, elements = rows * columns; bias [columns]; key i32[2],
 * seed and step (see {@link DropoutKernels}). y may be x. Launch shape of all: {@link
 * LaunchShapes#elements}. f32. OpenCL and CUDA.
 */
public final class ActivationKernels {
  private ActivationKernels() {}

  /** y = x. */
  public static void copy(KernelContext context, FloatArray x, int elements, FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, x.get(i));
    }
  }

  /** y = x + bias. */
  public static void bias(
      KernelContext context,
      FloatArray x,
      FloatArray bias,
      int elements,
      int columns,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, x.get(i) + bias.get(i % columns));
    }
  }

  /** y = dropout(x + bias). */
  public static void biasDropout(
      KernelContext context,
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
      y.set(i, DropoutKernels.drop(biased, i, key1, key2, threshold, scale));
    }
  }

  /** y = max(x, 0). */
  public static void relu(KernelContext context, FloatArray x, int elements, FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, TornadoMath.max(x.get(i), 0f));
    }
  }

  /** y = dropout(max(x, 0)). */
  public static void reluDropout(
      KernelContext context,
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
      float active = TornadoMath.max(x.get(i), 0f);
      y.set(i, DropoutKernels.drop(active, i, key1, key2, threshold, scale));
    }
  }

  /** y = max(x + bias, 0). */
  public static void biasRelu(
      KernelContext context,
      FloatArray x,
      FloatArray bias,
      int elements,
      int columns,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, TornadoMath.max(x.get(i) + bias.get(i % columns), 0f));
    }
  }

  /** y = dropout(max(x + bias, 0)). */
  public static void biasReluDropout(
      KernelContext context,
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
      float active = TornadoMath.max(x.get(i) + bias.get(i % columns), 0f);
      y.set(i, DropoutKernels.drop(active, i, key1, key2, threshold, scale));
    }
  }

  /**
   * dx = dy * scale where y > 0, else 0: y, the result, is positive just where ReLU passed x and
   * dropout kept it. dx may lie in the place of dy or y.
   *
   * @param scale 1 without dropout
   */
  public static void reluGradient(
      KernelContext context,
      FloatArray dy,
      FloatArray y,
      int elements,
      float scale,
      FloatArray dx) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      dx.set(i, y.get(i) > 0f ? dy.get(i) * scale : 0f);
    }
  }
}
