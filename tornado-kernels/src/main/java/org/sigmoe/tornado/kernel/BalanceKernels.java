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
    int at = row * columns;
    int end = row < rows ? columns : 0;
    float logSum = 0f;
    if (row < rows) {
      logSum = lse.get(row);
    }

    float[] q = new float[columnsOfLane];
    float[] r = new float[columnsOfLane];
    float sum = 0f;
    for (int i = 0; i < columnsOfLane; i++) {
      int c = lane + i * lanes;
      q[i] = 0f;
      r[i] = 0f;
      if (c < end) {
        float logq = x.get(at + c) - logSum;
        q[i] = TornadoMath.exp(logq);
        r[i] = share(logq, logp.get(c), dlogp.get(c));
      }
      sum += r[i];
    }
    float total = GroupReductions.sum(context, sum, lanes);
    for (int i = 0; i < columnsOfLane; i++) {
      int c = lane + i * lanes;
      if (c < end) {
        dx.set(at + c, (r[i] - q[i] * total) / rows);
      }
    }
  }

  /** r: 0 where q is 0, whose p may be 0 too. */
  private static float share(float logq, float logp, float dlogp) {
    return logq > Float.NEGATIVE_INFINITY ? dlogp * TornadoMath.exp(logq - logp) : 0f;
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
