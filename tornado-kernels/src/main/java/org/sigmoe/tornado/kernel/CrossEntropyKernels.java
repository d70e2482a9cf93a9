package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Negative log-likelihood of target classes under a softmax, and its gradient.
 *
 * <p>logits, dlogits [rows, vocabulary]; targets i32[rows], each in [0, vocabulary); nll, lse, dnll
 * [rows]. Launch shape of both: {@link LaunchShapes#rows}. f32. OpenCL and CUDA.
 */
public final class CrossEntropyKernels {
  private CrossEntropyKernels() {}

  /**
   * lse = log(sum of exp(logits)), nll = lse - logits[target]. Each thread keeps the maximum of
   * what it has seen and the sum of exponentials relative to it (Milakov and Gimelshein 2018), so
   * that logits are read once.
   */
  public static void forward(
      KernelContext context,
      FloatArray logits,
      IntArray targets,
      int rows,
      int vocabulary,
      FloatArray nll,
      FloatArray lse) {
    int lanes = LaunchShapes.lanes(vocabulary);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = row * vocabulary;
    int end = row < rows ? vocabulary : 0;

    // Not minus infinity: the difference of two of them is NaN.
    float max = -Float.MAX_VALUE;
    float sum = 0f;
    for (int c = lane; c < end; c += lanes) {
      float logit = logits.get(at + c);
      if (logit > max) {
        sum = sum * TornadoMath.exp(max - logit) + 1f;
        max = logit;
      } else {
        sum += TornadoMath.exp(logit - max);
      }
    }
    float rowMax = GroupReductions.max(context, max, lanes);
    float scaled = sum * TornadoMath.exp(max - rowMax);
    float rowSum = GroupReductions.sum(context, scaled, lanes);
    if (lane == 0 && row < rows) {
      float logSumExp = rowMax + TornadoMath.log(rowSum);
      lse.set(row, logSumExp);
      nll.set(row, logSumExp - logits.get(at + targets.get(row)));
    }
  }

  /** dlogits = (exp(logits - lse) - onehot(target)) * dnll. dlogits may be logits. */
  public static void gradient(
      KernelContext context,
      FloatArray logits,
      IntArray targets,
      FloatArray lse,
      FloatArray dnll,
      int rows,
      int vocabulary,
      FloatArray dlogits) {
    int lanes = LaunchShapes.lanes(vocabulary);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    if (row < rows) {
      int at = row * vocabulary;
      int target = targets.get(row);
      float logSumExp = lse.get(row);
      float factor = dnll.get(row);
      for (int c = lane; c < vocabulary; c += lanes) {
        float probability = TornadoMath.exp(logits.get(at + c) - logSumExp);
        float expected = c == target ? 1f : 0f;
        dlogits.set(at + c, (probability - expected) * factor);
      }
    }
  }
}
