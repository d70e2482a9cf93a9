package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * How evenly the experts are chosen: the gradient of the logarithm of their mean probability, whose
 * forward pass is {@link SoftmaxKernels#logSumExp} and {@link ColumnLogSumExpKernels}, and the
 * negative entropy of that mean with its gradient.
 *
 * <p>A probability that f32 rounds to 0 is no special case, since everything is a logarithm. One
 * that is 0, with a logarithm of minus infinity, contributes 0. f32. OpenCL and CUDA.
 */
public final class BalanceKernels {
  private BalanceKernels() {}

  /**
   * Gradient of logp = log(mean over rows of softmax(x)). With log q = x - lse and r = dlogp *
   * exp(log q - logp): dx = (r - q * sum over the row of r) / rows. Launch shape: {@link
   * LaunchShapes#rows}.
   *
   * @param dlogp [columns]
   * @param x [rows, columns]
   * @param logp [columns]
   * @param lse [rows], log(sum of exp(x)) of each row
   * @param columnsOfLane columns of each of the threads that share a row
   * @param dx [rows, columns]; may be x
   */
  public static void logMeanSoftmaxGradient(
      KernelContext context,
      FloatArray dlogp,
      FloatArray x,
      FloatArray logp,
      FloatArray lse,
      int rows,
      int columns,
      int columnsOfLane,
      FloatArray dx) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    // Rows and columns beyond the last are read from the last: loads depend on nothing, so that
    // all of a thread's are on their way at once.
    int at = Math.min(row, rows - 1) * columns;
    float logSum = lse.get(Math.min(row, rows - 1));

    float[] q = new float[columnsOfLane];
    float[] r = new float[columnsOfLane];
    for (int i = 0; i < columnsOfLane; i++) {
      q[i] = x.get(at + Math.min(lane + i * lanes, columns - 1));
    }
    float sum = 0f;
    for (int i = 0; i < columnsOfLane; i++) {
      int c = lane + i * lanes;
      int column = Math.min(c, columns - 1);
      float logq = q[i] - logSum;
      float share = share(logq, logp.get(column));
      q[i] = TornadoMath.exp(logq);
      r[i] = c < columns ? dlogp.get(column) * share : 0f;
      sum += r[i];
    }
    float total = GroupReductions.sum(context, sum, lanes);
    float scale = 1f / rows;
    for (int i = 0; i < columnsOfLane; i++) {
      int c = lane + i * lanes;
      if (row < rows && c < columns) {
        dx.set(at + c, scale * (r[i] - q[i] * total));
      }
    }
  }

  /** q / p from their logarithms; 0 where q is 0, whose p may be 0 too. */
  static float share(float logq, float logp) {
    // Without a branch, at which a kernel would wait for one element's loads after the other's.
    return TornadoMath.exp(logq - TornadoMath.max(logp, -Float.MAX_VALUE));
  }

  /**
   * result [1] = sum of exp(logp) * logp. Launch shape: {@link LaunchShapes#groups(int)} of 1.
   *
   * @param logp [elements]
   */
  public static void negativeEntropy(
      KernelContext context, FloatArray logp, int elements, FloatArray result) {
    float sum = 0f;
    for (int i = context.localIdx; i < elements; i += LaunchShapes.GROUP) {
      float value = logp.get(i);
      sum += value > Float.NEGATIVE_INFINITY ? TornadoMath.exp(value) * value : 0f;
    }
    float total = GroupReductions.sum(context, sum, LaunchShapes.GROUP);
    if (context.localIdx == 0) {
      result.set(0, total);
    }
  }

  /**
   * dlogp = dy [1] * exp(logp) * (1 + logp). dlogp may be logp. Launch shape: {@link
   * LaunchShapes#elements}.
   */
  public static void negativeEntropyGradient(
      KernelContext context, FloatArray dy, FloatArray logp, int elements, FloatArray dlogp) {
    float factor = dy.get(0);
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      float value = logp.get(i);
      float slope = value > Float.NEGATIVE_INFINITY ? TornadoMath.exp(value) * (1f + value) : 0f;
      dlogp.set(i, factor * slope);
    }
  }
}
