package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Softmax of rows and its logarithm's denominator, log(sum of exp), with their gradients.
 *
 * <p>x, y, dx, dy [rows, columns]; lse, dlse [rows]. Launch shape of all: {@link
 * LaunchShapes#rows}. f32. OpenCL and CUDA.
 */
public final class SoftmaxKernels {
  /** Below every element, and finite: differences with it are no NaN. */
  private static final float LEAST = -Float.MAX_VALUE;

  private SoftmaxKernels() {}

  /** y = exp(x) / sum over the row of exp(x). y may be x. */
  public static void softmax(
      KernelContext context, FloatArray x, int rows, int columns, FloatArray y) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = row * columns;
    int end = row < rows ? columns : 0;

    float max = LEAST;
    for (int c = lane; c < end; c += lanes) {
      max = TornadoMath.max(max, x.get(at + c));
    }
    float largest = GroupReductions.max(context, max, lanes);
    float sum = 0f;
    for (int c = lane; c < end; c += lanes) {
      sum += TornadoMath.exp(x.get(at + c) - largest);
    }
    float total = GroupReductions.sum(context, sum, lanes);
    for (int c = lane; c < end; c += lanes) {
      y.set(at + c, TornadoMath.exp(x.get(at + c) - largest) / total);
    }
  }

  /** dx = y * (dy - sum over the row of dy * y). dx may be dy or y. */
  public static void softmaxGradient(
      KernelContext context, FloatArray dy, FloatArray y, int rows, int columns, FloatArray dx) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = row * columns;
    int end = row < rows ? columns : 0;

    float sum = 0f;
    for (int c = lane; c < end; c += lanes) {
      sum += dy.get(at + c) * y.get(at + c);
    }
    float total = GroupReductions.sum(context, sum, lanes);
    for (int c = lane; c < end; c += lanes) {
      dx.set(at + c, y.get(at + c) * (dy.get(at + c) - total));
    }
  }

  /** lse = log(sum over the row of exp(x)). */
  public static void logSumExp(
      KernelContext context, FloatArray x, int rows, int columns, FloatArray lse) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = row * columns;
    int end = row < rows ? columns : 0;

    float max = LEAST;
    for (int c = lane; c < end; c += lanes) {
      max = TornadoMath.max(max, x.get(at + c));
    }
    float largest = GroupReductions.max(context, max, lanes);
    float sum = 0f;
    for (int c = lane; c < end; c += lanes) {
      sum += TornadoMath.exp(x.get(at + c) - largest);
    }
    float total = GroupReductions.sum(context, sum, lanes);
    if (lane == 0 && row < rows) {
      lse.set(row, largest + TornadoMath.log(total));
    }
  }

  /** dx = dlse * exp(x - lse). dx may be x. */
  public static void logSumExpGradient(
      KernelContext context,
      FloatArray dlse,
      FloatArray x,
      FloatArray lse,
      int rows,
      int columns,
      FloatArray dx) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    if (row < rows) {
      int at = row * columns;
      float logSum = lse.get(row);
      float factor = dlse.get(row);
      for (int c = lane; c < columns; c += lanes) {
        dx.set(at + c, factor * TornadoMath.exp(x.get(at + c) - logSum));
      }
    }
  }
}
