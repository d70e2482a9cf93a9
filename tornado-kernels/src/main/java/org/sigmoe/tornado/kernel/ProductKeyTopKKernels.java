package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The k largest sums of one score of each half of product keys (Lample et al. 2019), and their
 * gradient. Only pairs of the largest scores can have the largest sums: with i and j counted from 0
 * in descending order, (i + 1) (j + 1) sums are not smaller than that of pair (i, j), so that it is
 * among the first k only if (i + 1) (j + 1) is at most k.
 *
 * <p>Both orders, of scores and of sums, are found by ranks, as in {@link TopKKernels}; of equal
 * sums the one of the lower index comes first.
 *
 * <p>scoresA [rows, keysA], scoresB [rows, keysB], a row for each query and head; values [rows, k];
 * indices i32[rows, k], i * keysB + j. f32. OpenCL and CUDA.
 */
public final class ProductKeyTopKKernels {
  private ProductKeyTopKKernels() {}

  /**
   * Values and indices. Launch shape: {@link ProductKeyTopKShape#threads}.
   *
   * @param pairs of {@link ProductKeyTopKShape#pairs}
   * @param lanes of {@link ProductKeyTopKShape#lanes}
   */
  public static void forward(
      KernelContext context,
      FloatArray scoresA,
      FloatArray scoresB,
      int rows,
      int keysA,
      int keysB,
      int k,
      int pairs,
      int lanes,
      FloatArray values,
      IntArray indices) {
    int rowsOfGroup = LaunchShapes.GROUP / lanes;
    int keys = keysA + keysB;
    // One element more for each row, into which goes what is not among the first.
    int bestA = Math.min(keysA, k);
    int best = bestA + Math.min(keysB, k) + 1;
    float[] scores = context.allocateFloatLocalArray(rowsOfGroup * keys);
    float[] bestScores = context.allocateFloatLocalArray(rowsOfGroup * best);
    int[] bestKeys = context.allocateIntLocalArray(rowsOfGroup * best);
    float[] sums = context.allocateFloatLocalArray(rowsOfGroup * pairs);
    int[] numbers = context.allocateIntLocalArray(rowsOfGroup * pairs);

    int lane = context.localIdx % lanes;
    int rowOfGroup = context.localIdx / lanes;
    int row = context.groupIdx * rowsOfGroup + rowOfGroup;
    // Rows beyond the last are computed from the last, and not stored.
    int source = Math.min(row, rows - 1);
    int atScores = rowOfGroup * keys;
    int atBest = rowOfGroup * best;
    int atPairs = rowOfGroup * pairs;
    // Loops end for all threads at once, and repeat the last element beyond the end: PoCL has been
    // wrong where a branch comes before a barrier.
    for (int start = 0; start < keysA; start += lanes) {
      int c = Math.min(start + lane, keysA - 1);
      scores[atScores + c] = scoresA.get(source * keysA + c);
    }
    for (int start = 0; start < keysB; start += lanes) {
      int c = Math.min(start + lane, keysB - 1);
      scores[atScores + keysA + c] = scoresB.get(source * keysB + c);
    }
    context.localBarrier();

    for (int start = 0; start < keys; start += lanes) {
      int c = Math.min(start + lane, keys - 1);
      int second = c < keysA ? 0 : 1;
      int first = second * keysA;
      int end = second == 1 ? keys : keysA;
      float score = scores[atScores + c];
      int rank = 0;
      for (int other = first; other < end; other++) {
        rank += Precedence.count(scores[atScores + other], other, score, c);
      }
      int place = rank < k ? second * bestA + rank : best - 1;
      bestScores[atBest + place] = score;
      bestKeys[atBest + place] = c - first;
    }
    context.localBarrier();

    for (int start = 0; start < pairs; start += lanes) {
      int pair = Math.min(start + lane, pairs - 1);
      int i = 0;
      int j = pair;
      int length = Math.min(keysB, k);
      while (j >= length) {
        j -= length;
        i++;
        length = Math.min(keysB, k / (i + 1));
      }
      sums[atPairs + pair] = bestScores[atBest + i] + bestScores[atBest + bestA + j];
      numbers[atPairs + pair] = bestKeys[atBest + i] * keysB + bestKeys[atBest + bestA + j];
    }
    context.localBarrier();

    int stored = row < rows ? pairs : 0;
    for (int pair = lane; pair < stored; pair += lanes) {
      float sum = sums[atPairs + pair];
      int number = numbers[atPairs + pair];
      int rank = 0;
      for (int other = 0; other < pairs; other++) {
        rank += Precedence.count(sums[atPairs + other], numbers[atPairs + other], sum, number);
      }
      if (rank < k) {
        values.set(row * k + rank, sum);
        indices.set(row * k + rank, number);
      }
    }
  }

  /**
   * Gradient of the scores: an element of dscoresA [rows, keysA] is the sum of dvalues over the
   * pairs that it is in, which it looks for; dscoresB likewise. Launch shape: {@link
   * LaunchShapes#elements} of rows * (keysA + keysB).
   */
  public static void gradient(
      KernelContext context,
      FloatArray dvalues,
      IntArray indices,
      int rows,
      int keysA,
      int keysB,
      int k,
      FloatArray dscoresA,
      FloatArray dscoresB) {
    int keys = keysA + keysB;
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, rows * keys);
    for (int e = first; e < end; e += LaunchShapes.GROUP) {
      int row = e / keys;
      int key = e % keys;
      int wanted = key < keysA ? key : key - keysA;
      float sum = 0f;
      for (int slot = row * k; slot < (row + 1) * k; slot++) {
        int index = indices.get(slot);
        int i = index / keysB;
        int own = key < keysA ? i : index - i * keysB;
        sum += own == wanted ? dvalues.get(slot) : 0f;
      }
      if (key < keysA) {
        dscoresA.set(row * keysA + wanted, sum);
      } else {
        dscoresB.set(row * keysB + wanted, sum);
      }
    }
  }
}
