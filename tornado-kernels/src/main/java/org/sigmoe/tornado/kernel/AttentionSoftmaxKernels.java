package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The softmax of relative attention and its gradient, between batched products that read and write
 * whole matrices of scores. For query i and key j, with c = j - i + T - 1:
 *
 * <pre>
 * score[i, j]  = scale * (content[i, j] + position[i, c])
 * visible      : max(M - length, i + M - reach) &lt;= j &lt;= i + M
 * weight[i, j] = softmax over visible j of score[i, j], 0 where hidden
 * dscore[i, j] = weight[i, j] * (dweight[i, j] - sum over j of weight[i, j] * dweight[i, j])
 * </pre>
 *
 * <p>Matrices of scores [rows, S] have their rows {@code pitch} elements apart; rows are queries of
 * some heads of some batch rows, adjacent ones in the order [H, B, T]: matrices hold those from
 * matrix {@code first} of [H, B] on. Inputs and sums are f32, sums run in a fixed order; what
 * products read is rounded to bf16. OpenCL and CUDA.
 */
public final class AttentionSoftmaxKernels {
  /** Below every score, and finite: differences with it are no NaN. */
  private static final float LEAST = -Float.MAX_VALUE;

  private AttentionSoftmaxKernels() {}

  /** Groups of either kernel: as many threads share a row as {@link LaunchShapes#lanes} says. */
  public static int groups(int rows, int keys) {
    return Math.ceilDiv(rows, LaunchShapes.GROUP / LaunchShapes.lanes(keys));
  }

  /** Launch shape of either kernel. */
  public static WorkerGrid threads(int rows, int keys) {
    return LaunchShapes.groups(groups(rows, keys));
  }

  /**
   * Weights and the log-sum-exp of scores. Launch shape: {@link #threads}.
   *
   * @param weights bf16, as content
   * @param lse [B, H, T], of which the rows at hand are written
   * @param first number in [H, B] of the first matrix
   * @param rows of content, position and weights: a multiple of T
   * @param queries T
   * @param keys S
   * @param reach how many keys before its own a query sees at most, in [M, S - 1]
   */
  public static void weights(
      KernelContext context,
      FloatArray content,
      FloatArray position,
      FloatArray scale,
      IntArray length,
      ShortArray weights,
      FloatArray lse,
      int first,
      int rows,
      int batch,
      int heads,
      int queries,
      int keys,
      int pitch,
      int reach) {
    int lanes = LaunchShapes.lanes(keys);
    int steps = (keys + lanes - 1) / lanes;
    // Lives in registers: loops over it have constant bounds and are unrolled.
    float[] scores = new float[steps];
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = Math.min(row, rows - 1);
    int i = at % queries;
    int matrix = first + at / queries;
    int lastVisible = i + keys - queries;
    int firstVisible = Math.max(keys - queries - length.get(0), lastVisible - reach);
    int shift = queries - 1 - i;
    float factor = scale.get(0);

    float most = LEAST;
    for (int n = 0; n < steps; n++) {
      int j = lane + n * lanes;
      // A visible key is read in place of a hidden one: no branch keeps loads from overlapping.
      int seen = Math.max(firstVisible, Math.min(j, lastVisible));
      float score = content.get(at * pitch + seen) + position.get(at * pitch + seen + shift);
      score = j == seen ? factor * score : LEAST;
      scores[n] = score;
      most = TornadoMath.max(most, score);
    }
    float largest = GroupReductions.max(context, most, lanes);
    float sum = 0f;
    for (int n = 0; n < steps; n++) {
      float exponential = TornadoMath.exp(scores[n] - largest);
      scores[n] = exponential;
      sum += exponential;
    }
    float total = GroupReductions.sum(context, sum, lanes);
    float inverse = 1f / total;
    for (int n = 0; n < steps; n++) {
      int j = lane + n * lanes;
      if (row < rows && j < keys) {
        weights.set(row * pitch + j, BFloat16.bf16FromFloat(scores[n] * inverse));
      }
    }
    if (row < rows && lane == 0) {
      int index = (matrix % batch * heads + matrix / batch) * queries + i;
      lse.set(index, largest + TornadoMath.log(total));
    }
  }

  /**
   * Weights again, and from the gradient for them that for scores, which is scale times less than
   * that for content and position. Launch shape: {@link #threads}.
   *
   * @param dweights as content
   * @param lse [B, H, T], of the scores
   * @param weights bf16, as content
   * @param dcontent bf16, as content
   * @param dposition bf16, as position
   * @param dscale a part of the gradient for scale from each group, from {@code firstPart} on
   * @param first as for {@link #weights}, and so are the other sizes
   */
  public static void gradient(
      KernelContext context,
      FloatArray content,
      FloatArray position,
      FloatArray dweights,
      FloatArray scale,
      IntArray length,
      FloatArray lse,
      ShortArray weights,
      ShortArray dcontent,
      ShortArray dposition,
      FloatArray dscale,
      int firstPart,
      int first,
      int rows,
      int batch,
      int heads,
      int queries,
      int keys,
      int pitch,
      int reach) {
    int lanes = LaunchShapes.lanes(keys);
    int steps = (keys + lanes - 1) / lanes;
    // These live in registers: loops over them have constant bounds and are unrolled.
    float[] scores = new float[steps];
    float[] weight = new float[steps];
    float[] dweight = new float[steps];
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = Math.min(row, rows - 1);
    int i = at % queries;
    int matrix = first + at / queries;
    int lastVisible = i + keys - queries;
    int firstVisible = Math.max(keys - queries - length.get(0), lastVisible - reach);
    int shift = queries - 1 - i;
    float factor = scale.get(0);
    float logSum = lse.get((matrix % batch * heads + matrix / batch) * queries + i);

    float ofScores = 0f;
    float ofGradients = 0f;
    for (int n = 0; n < steps; n++) {
      int j = lane + n * lanes;
      int seen = Math.max(firstVisible, Math.min(j, lastVisible));
      float score = content.get(at * pitch + seen) + position.get(at * pitch + seen + shift);
      scores[n] = score;
      weight[n] = j == seen ? TornadoMath.exp(factor * score - logSum) : 0f;
      dweight[n] = dweights.get(at * pitch + seen);
      ofScores += weight[n] * scores[n];
      ofGradients += weight[n] * dweight[n];
    }
    float meanScore = GroupReductions.sum(context, ofScores, lanes);
    float meanGradient = GroupReductions.sum(context, ofGradients, lanes);
    float part = 0f;
    for (int n = 0; n < steps; n++) {
      int j = lane + n * lanes;
      if (row < rows && j < keys) {
        float dscore = weight[n] * (dweight[n] - meanGradient);
        // The gradients of a query's scores sum to 0, so the mean may be taken off: less cancels.
        part += dscore * (scores[n] - meanScore);
        // Where the key is hidden from the query, c is where the query has no position.
        int c = (j + shift) % keys;
        weights.set(row * pitch + j, BFloat16.bf16FromFloat(weight[n]));
        short rounded = BFloat16.bf16FromFloat(factor * dscore);
        dcontent.set(row * pitch + j, rounded);
        dposition.set(row * pitch + c, rounded);
      }
    }
    float sum = GroupReductions.sum(context, part, LaunchShapes.GROUP);
    if (context.localIdx == 0) {
      dscale.set(firstPart + context.groupIdx, sum);
    }
  }
}
