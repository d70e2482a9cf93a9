package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Bias, non-linearity and dropout in one pass, and their gradients. Which non-linearity, and
 * whether there is a bias, is a constant when a kernel is compiled: each combination is code of its
 * own, without branches.
 *
 * <p>x, y, dx and dy [rows, columns], row-major, elements = rows * columns; bias [columns], or any
 * array where {@code biased} is 0; key i32[2], seed and step (see {@link DropoutKernels}). y may be
 * x. Launch shape of all: {@link LaunchShapes#elements}. f32. OpenCL and CUDA.
 */
public final class ActivationKernels {
  private ActivationKernels() {}

  /**
   * y = activation(x + bias).
   *
   * @param biased 1, or 0 for no bias
   * @param activation number of a non-linearity in {@link ActivationFunctions}
   */
  public static void activate(
      KernelContext context,
      FloatArray x,
      FloatArray bias,
      int elements,
      int columns,
      int biased,
      int activation,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      y.set(i, ActivationFunctions.value(activation, input(x, bias, i, columns, biased)));
    }
  }

  /**
   * y = dropout(activation(x + bias)); as {@link #activate}, and {@link DropoutKernels#dropout}.
   */
  public static void activateDropped(
      KernelContext context,
      FloatArray x,
      FloatArray bias,
      IntArray key,
      int elements,
      int columns,
      int biased,
      int activation,
      int site,
      int threshold,
      float scale,
      FloatArray y) {
    int key1 = DropoutKernels.key1(key, site);
    int key2 = DropoutKernels.key2(key, site);
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      float active = ActivationFunctions.value(activation, input(x, bias, i, columns, biased));
      y.set(i, DropoutKernels.drop(active, i, key1, key2, threshold, scale));
    }
  }

  private static float input(FloatArray x, FloatArray bias, int i, int columns, int biased) {
    float input = x.get(i);
    if (biased == 1) {
      input = input + bias.get(i % columns);
    }
    return input;
  }

  /**
   * Gradient from the result of {@link #activate}, or of ReLU with dropout: a result of ReLU is
   * positive just where ReLU passed x and dropout kept it. dx may lie in the place of dy or y.
   *
   * @param activation number of a non-linearity in {@link ActivationFunctions}, but not of GELU
   * @param scale of the dropout; 1 without
   */
  public static void gradient(
      KernelContext context,
      FloatArray dy,
      FloatArray y,
      int elements,
      int activation,
      float scale,
      FloatArray dx) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      dx.set(i, ActivationFunctions.gradient(activation, dy.get(i) * scale, y.get(i)));
    }
  }

  /**
   * Gradient of GELU(x + bias), from its operands. dx may lie in the place of dy or x.
   *
   * @param biased 1, or 0 for no bias
   */
  public static void geluGradient(
      KernelContext context,
      FloatArray dy,
      FloatArray x,
      FloatArray bias,
      int elements,
      int columns,
      int biased,
      FloatArray dx) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      float slope = ActivationFunctions.geluSlope(input(x, bias, i, columns, biased));
      dx.set(i, dy.get(i) * slope);
    }
  }

  /**
   * Gradient of dropout(GELU(x + bias)); as {@link #geluGradient}, and {@link
   * DropoutKernels#dropout}.
   */
  public static void geluGradientDropped(
      KernelContext context,
      FloatArray dy,
      FloatArray x,
      FloatArray bias,
      IntArray key,
      int elements,
      int columns,
      int biased,
      int site,
      int threshold,
      float scale,
      FloatArray dx) {
    int key1 = DropoutKernels.key1(key, site);
    int key2 = DropoutKernels.key2(key, site);
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      float slope = ActivationFunctions.geluSlope(input(x, bias, i, columns, biased));
      float kept = DropoutKernels.drop(dy.get(i), i, key1, key2, threshold, scale);
      dx.set(i, kept * slope);
    }
  }
}
