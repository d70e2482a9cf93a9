package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Negative log-likelihood of target classes under a softmax, and its gradient.
 *
 * <p>logits, dlogits [rows, vocabulary]; targets i32[rows], each in [0, vocabulary); nll, lse, dnll
 * [rows]. To the logits a bias [vocabulary] is added as they are read, unless {@code biased} is 0,
 * when it is not read. Launch shape of all: {@link LaunchShapes#rows}. f32. OpenCL and CUDA.
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
      FloatArray bias,
      IntArray targets,
      int rows,
      int vocabulary,
      int biased,
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
      float logit = logit(logits, bias, at, c, biased);
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
      nll.set(row, logSumExp - logit(logits, bias, at, targets.get(row), biased));
    }
  }

  private static float logit(FloatArray logits, FloatArray bias, int at, int c, int biased) {
    float logit = logits.get(at + c);
    if (biased == 1) {
      logit += bias.get(c);
    }
    return logit;
  }

  /** dlogits = (exp(logits - lse) - onehot(target)) * dnll. dlogits may be logits. */
  public static void gradient(
      KernelContext context,
      FloatArray logits,
      FloatArray bias,
      IntArray targets,
      FloatArray lse,
      FloatArray dnll,
      int rows,
      int vocabulary,
      int biased,
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
        float logit = logit(logits, bias, at, c, biased);
        dlogits.set(at + c, slope(logit, logSumExp, c == target) * factor);
      }
    }
  }

  private static float slope(float logit, float logSumExp, boolean isTarget) {
    float expected = isTarget ? 1f : 0f;
    return TornadoMath.exp(logit - logSumExp) - expected;
  }

  /**
   * As {@link #gradient}, rounded to bf16.
   *
   * @param pitch columns of dlogits, those that logits lack 0
   * @param dlogits [rows, pitch] as {@link Bf16Pairs}
   */
  public static void gradientRounded(
      KernelContext context,
      FloatArray logits,
      FloatArray bias,
      IntArray targets,
      FloatArray lse,
      FloatArray dnll,
      int rows,
      int vocabulary,
      int biased,
      int pitch,
      IntArray dlogits) {
    int lanes = LaunchShapes.lanes(vocabulary);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    if (row < rows) {
      int at = row * vocabulary;
      int target = targets.get(row);
      float logSumExp = lse.get(row);
      float factor = dnll.get(row);
      for (int pair = lane; pair < pitch / 2; pair += lanes) {
        int c = 2 * pair;
        // Beyond the last column the last one again, times 0.
        int first = Math.min(c, vocabulary - 1);
        int second = Math.min(c + 1, vocabulary - 1);
        float ofFirst = slope(logit(logits, bias, at, first, biased), logSumExp, c == target);
        float ofSecond = slope(logit(logits, bias, at, second, biased), logSumExp, c + 1 == target);
        float firstFactor = c < vocabulary ? factor : 0f;
        float secondFactor = c + 1 < vocabulary ? factor : 0f;
        dlogits.set(
            row * (pitch / 2) + pair, Bf16Pairs.of(ofFirst * firstFactor, ofSecond * secondFactor));
      }
    }
  }
}
