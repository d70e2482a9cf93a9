package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Indices of the k largest elements of each row, in descending order. Of equal elements the lower
 * index comes first; NaN comes after everything else. So the order is total, and each element has a
 * rank: the number of elements that come before it.
 *
 * <p>scores [rows, columns]; indices i32[rows, k], k at most columns. OpenCL and CUDA.
 */
public final class TopKKernels {
  /** Longest row whose elements are ranked by comparing all with all. */
  private static final int MOST_RANKED = 1024;

  private TopKKernels() {}

  /** Whether rows are for {@link #byRank}, which needs no order of steps, or for the other. */
  public static boolean isRanked(int columns) {
    return columns <= MOST_RANKED;
  }

  /** The launch shape of {@link #byRank}. */
  public static WorkerGrid rankShape(int rows, int lanes) {
    return LaunchShapes.groups(Math.ceilDiv(rows, LaunchShapes.GROUP / lanes));
  }

  /** Threads that share a row in {@link #byRank}: as many as it has elements, where they can. */
  public static int rankLanes(int columns) {
    int lanes = 8;
    while (lanes < columns && lanes < LaunchShapes.GROUP) {
      lanes *= 2;
    }
    return lanes;
  }

  /**
   * Short rows, from local memory: an element of rank r below k is number r of the result. Launch
   * shape: {@link #rankShape}.
   *
   * @param lanes of {@link #rankLanes}
   */
  public static void byRank(
      KernelContext context,
      FloatArray scores,
      int rows,
      int columns,
      int k,
      int lanes,
      IntArray indices) {
    int rowsOfGroup = LaunchShapes.GROUP / lanes;
    float[] tile = context.allocateFloatLocalArray(rowsOfGroup * columns);
    int firstRow = context.groupIdx * rowsOfGroup;
    // All threads store equally often, beyond the end the last element again: PoCL has been wrong
    // where a branch comes before a barrier. Rows beyond the last are read from the last.
    for (int start = 0; start < rowsOfGroup * columns; start += LaunchShapes.GROUP) {
      int i = Math.min(start + context.localIdx, rowsOfGroup * columns - 1);
      int from = Math.min(firstRow + i / columns, rows - 1);
      tile[i] = scores.get(from * columns + i % columns);
    }
    context.localBarrier();
    int at = context.localIdx / lanes * columns;
    int row = firstRow + context.localIdx / lanes;
    int end = row < rows ? columns : 0;
    for (int c = context.localIdx % lanes; c < end; c += lanes) {
      float score = tile[at + c];
      int rank = 0;
      for (int other = 0; other < columns; other++) {
        rank += Precedence.count(tile[at + other], other, score, c);
      }
      if (rank < k) {
        indices.set(row * k + rank, c);
      }
    }
  }

  /**
   * Long rows, a group for each: k times the first of the elements that come after the one found
   * last. Launch shape: {@link LaunchShapes#groups(int)} of rows.
   */
  public static void byRounds(
      KernelContext context, FloatArray scores, int columns, int k, IntArray indices) {
    float[] values = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    int[] places = context.allocateIntLocalArray(LaunchShapes.GROUP);
    float[] nextValues = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    int[] nextPlaces = context.allocateIntLocalArray(LaunchShapes.GROUP);
    int thread = context.localIdx;
    int row = context.groupIdx;
    int at = row * columns;
    // A NaN is kept as minus infinity in a place beyond all others: comparisons stay ordinary.
    float lastValue = Float.POSITIVE_INFINITY;
    int lastPlace = -1;
    for (int round = 0; round < k; round++) {
      float value = Float.NEGATIVE_INFINITY;
      int place = 2 * columns;
      for (int c = thread; c < columns; c += LaunchShapes.GROUP) {
        float score = scores.get(at + c);
        int isNumber = Precedence.isNumber(score);
        int number = isNumber == 1 ? c : c + columns;
        float element = isNumber == 1 ? score : Float.NEGATIVE_INFINITY;
        int left = Precedence.ordered(lastValue, lastPlace, element, number);
        int better = left * Precedence.ordered(element, number, value, place);
        value = better == 1 ? element : value;
        place = better == 1 ? number : place;
      }
      values[thread] = value;
      places[thread] = place;
      context.localBarrier();
      // In two steps of 16, by all threads: each ends with the same first element.
      value = values[thread % 16];
      place = places[thread % 16];
      for (int i = 1; i < 16; i++) {
        float other = values[thread % 16 + 16 * i];
        int number = places[thread % 16 + 16 * i];
        int better = Precedence.ordered(other, number, value, place);
        value = better == 1 ? other : value;
        place = better == 1 ? number : place;
      }
      nextValues[thread] = value;
      nextPlaces[thread] = place;
      context.localBarrier();
      value = nextValues[0];
      place = nextPlaces[0];
      for (int i = 1; i < 16; i++) {
        int better = Precedence.ordered(nextValues[i], nextPlaces[i], value, place);
        value = better == 1 ? nextValues[i] : value;
        place = better == 1 ? nextPlaces[i] : place;
      }
      lastValue = value;
      lastPlace = place;
      if (thread == 0) {
        indices.set(row * k + round, place % columns);
      }
    }
  }
}
