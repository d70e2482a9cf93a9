package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Softmax of rows and its logarithm's denominator, log(sum of exp), with their gradients.
 *
 * <p>x, y, dx, dy [rows, columns]; lse, dlse [rows]. Launch shape of all but {@link
 * #logSumExpByWarps}: {@link LaunchShapes#rows}. f32. OpenCL and CUDA.
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

  /**
   * lse = log(sum of exp(x)), a warp for each row, for rows that {@link LaunchShapes#isOfWarps}:
   * each lane holds its columns in registers. CUDA only. Launch shape: {@link LaunchShapes#warps}
   * of rows.
   *
   * @param columnsOfLane columns over the warp's lanes, rounded up
   */
  public static void logSumExpByWarps(
      KernelContext context,
      FloatArray x,
      int rows,
      int columns,
      int columnsOfLane,
      FloatArray lse) {
    float[] values = new float[columnsOfLane];
    int lane = context.localIdx % LaunchShapes.WARP;
    int row =
        context.groupIdx * (LaunchShapes.GROUP / LaunchShapes.WARP)
            + context.localIdx / LaunchShapes.WARP;
    // All lanes must come to the sums: rows beyond the last are read from the last.
    int at = Math.min(row, rows - 1) * columns;
    for (int i = 0; i < columnsOfLane; i++) {
      values[i] = x.get(at + Math.min(lane + i * LaunchShapes.WARP, columns - 1));
    }
    // Columns beyond the last are the last one again, which is as large.
    float max = LEAST;
    for (int i = 0; i < columnsOfLane; i++) {
      max = TornadoMath.max(max, values[i]);
    }
    float largest = WarpReductions.max(context, max);
    float sum = 0f;
    for (int i = 0; i < columnsOfLane; i++) {
      float term = TornadoMath.exp(values[i] - largest);
      sum += lane + i * LaunchShapes.WARP < columns ? term : 0f;
    }
    float total = context.simdSum(sum);
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
