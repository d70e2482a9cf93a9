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
 * <p>scores [rows, columns], to which an activation of {@link ActivationFunctions} is applied as
 * they are read; indices i32[rows, k], k at most columns. OpenCL and CUDA.
 */
public final class TopKKernels {
  /** Longest row whose elements may be ranked by comparing all with all. */
  private static final int MOST_RANKED = 1024;

  /** Threads that share a row in {@link #byRounds}, unless it is longer than they should. */
  private static final int LANES = 32;

  /** Threads that share a row in {@link #byLists}: few, because their lists are merged. */
  public static final int LISTS = 4;

  /** Most elements that a thread loads at once in {@link #byLists}. */
  private static final int MOST_LOADS = 16;

  /** Longest list: longer ones would not stay in registers. */
  private static final int LONGEST_LIST = 8;

  private TopKKernels() {}

  /** Whether {@link #byLists} serves: rows are not too long for few threads, nor lists. */
  public static boolean isListed(int columns, int k) {
    return columns <= MOST_RANKED && k <= LONGEST_LIST;
  }

  /**
   * Whether {@link #byRank}, which compares all elements with all, takes fewer steps than the other
   * ways: {@link #byLists} compares each with a list and then the lists, {@link #byRounds} passes
   * over a row once for each result and compares what the threads found.
   */
  public static boolean isRanked(int columns, int k) {
    if (isListed(columns, k)) {
      return columns * columns <= columns * k + LISTS * k * LISTS * k;
    }
    int lanes = roundLanes(columns);
    int passes = Math.ceilDiv(columns, lanes) + Integer.numberOfTrailingZeros(lanes);
    return columns <= MOST_RANKED && (long) columns * columns <= (long) k * passes * lanes;
  }

  /** Elements that a thread loads at once in {@link #byLists}, about as many each time. */
  public static int listLoads(int columns) {
    int columnsOfLane = Math.ceilDiv(columns, LISTS);
    return Math.ceilDiv(columnsOfLane, Math.ceilDiv(columnsOfLane, MOST_LOADS));
  }

  /** Threads that share a row in {@link #byRounds}. */
  public static int roundLanes(int columns) {
    return columns <= MOST_RANKED ? LANES : LaunchShapes.GROUP;
  }

  /** The launch shape of rows that so many threads share. */
  public static WorkerGrid shape(int rows, int lanes) {
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
   * shape: {@link #shape}.
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
      int activation,
      IntArray indices) {
    int rowsOfGroup = LaunchShapes.GROUP / lanes;
    float[] tile = context.allocateFloatLocalArray(rowsOfGroup * columns);
    int firstRow = context.groupIdx * rowsOfGroup;
    // All threads store equally often, beyond the end the last element again: PoCL has been wrong
    // where a branch comes before a barrier. Rows beyond the last are read from the last.
    for (int start = 0; start < rowsOfGroup * columns; start += LaunchShapes.GROUP) {
      int i = Math.min(start + context.localIdx, rowsOfGroup * columns - 1);
      int from = Math.min(firstRow + i / columns, rows - 1);
      float score = scores.get(from * columns + i % columns);
      tile[i] = ActivationFunctions.value(activation, score);
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
   * Each of the threads that share a row passes over its elements once and keeps a list of the
   * largest, in registers; an element of the lists of rank r below k is number r of the result. Of
   * what is not above minus infinity nothing gets on a list: rows with fewer than k such elements
   * are filled up in the end. Launch shape: {@link #shape} with {@value #LISTS} lanes.
   *
   * @param columnsOfLane columns over {@value #LISTS}, rounded up
   * @param loads of {@link #listLoads}
   */
  public static void byLists(
      KernelContext context,
      FloatArray scores,
      int rows,
      int columns,
      int k,
      int columnsOfLane,
      int loads,
      int activation,
      IntArray indices) {
    float[] values = context.allocateFloatLocalArray(LaunchShapes.GROUP * k);
    int[] places = context.allocateIntLocalArray(LaunchShapes.GROUP * k);
    float[] read = new float[loads];
    float[] largest = new float[k];
    int[] numbers = new int[k];
    int thread = context.localIdx;
    int lane = thread % LISTS;
    int row = context.groupIdx * (LaunchShapes.GROUP / LISTS) + thread / LISTS;
    // Rows beyond the last are read from the last: all threads meet at the barrier.
    int at = Math.min(row, rows - 1) * columns;
    for (int j = 0; j < k; j++) {
      largest[j] = Float.NEGATIVE_INFINITY;
      numbers[j] = columns;
    }
    for (int begin = 0; begin < columnsOfLane; begin += loads) {
      for (int i = 0; i < loads; i++) {
        read[i] = scores.get(at + Math.min(lane + (begin + i) * LISTS, columns - 1));
      }
      // CUDA's compiler would move each load to where it is used, behind the branches of the
      // activation before, but not past a barrier.
      context.localBarrier();
      for (int i = 0; i < loads; i++) {
        int number = lane + (begin + i) * LISTS;
        float score = ActivationFunctions.value(activation, read[i]);
        float value = number < columns ? score : Float.NEGATIVE_INFINITY;
        // Of equal elements the one that is on the list has the lower index.
        for (int j = 0; j < k; j++) {
          int greater = value > largest[j] ? 1 : 0;
          float smaller = greater == 1 ? largest[j] : value;
          int next = greater == 1 ? numbers[j] : number;
          largest[j] = greater == 1 ? value : largest[j];
          numbers[j] = greater == 1 ? number : numbers[j];
          value = smaller;
          number = next;
        }
      }
    }
    for (int j = 0; j < k; j++) {
      values[thread * k + j] = largest[j];
      places[thread * k + j] = numbers[j];
    }
    context.localBarrier();
    int lists = (thread - lane) * k;
    int end = row < rows ? k : 0;
    // From local memory: by an index that no compiler knows, the lists would not be in registers.
    for (int own = thread * k; own < thread * k + end; own++) {
      int rank = 0;
      for (int other = lists; other < lists + LISTS * k; other++) {
        rank += Precedence.ordered(values[other], places[other], values[own], places[own]);
      }
      if (rank < k && places[own] < columns) {
        indices.set(row * k + rank, places[own]);
      }
    }
    int found = 0;
    for (int other = lists; other < lists + LISTS * k; other++) {
      found += places[other] < columns ? 1 : 0;
    }
    if (lane == 0 && row < rows && found < k) {
      fillUp(scores, at, columns, k, found, activation, indices, row * k);
    }
  }

  /**
   * Completes the result of a row of which {@code found} elements are above minus infinity: by
   * those that are minus infinity, then by those that are NaN, each in the order of their indices.
   *
   * @param to where the row's results begin
   */
  private static void fillUp(
      FloatArray scores,
      int at,
      int columns,
      int k,
      int found,
      int activation,
      IntArray indices,
      int to) {
    int next = found;
    for (int isNumber = 1; isNumber >= 0; isNumber--) {
      for (int c = 0; c < columns; c++) {
        float score = ActivationFunctions.value(activation, scores.get(at + c));
        int above = score > Float.NEGATIVE_INFINITY ? 1 : 0;
        if (above == 0 && Precedence.isNumber(score) == isNumber && next < k) {
          indices.set(to + next, c);
          next++;
        }
      }
    }
  }

  /**
   * k times the first of the elements that are left. Each of the threads that share a row keeps its
   * elements, in registers unless they are many. Launch shape: {@link #shape}.
   *
   * @param lanes of {@link #roundLanes}
   * @param columnsOfLane columns over lanes, rounded up
   */
  public static void byRounds(
      KernelContext context,
      FloatArray scores,
      int rows,
      int columns,
      int k,
      int lanes,
      int columnsOfLane,
      int activation,
      IntArray indices) {
    float[] values = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    int[] places = context.allocateIntLocalArray(LaunchShapes.GROUP);
    float[] left = new float[columnsOfLane];
    int[] numbers = new int[columnsOfLane];
    int thread = context.localIdx;
    int lane = thread % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + thread / lanes;
    // Rows beyond the last are read from the last: all threads meet at all barriers.
    int at = Math.min(row, rows - 1) * columns;
    // A NaN is kept as minus infinity in a place beyond all others, and what is no element or has
    // been found beyond those: comparisons stay ordinary.
    int beyond = 2 * columns;
    for (int i = 0; i < columnsOfLane; i++) {
      int c = lane + i * lanes;
      float read = scores.get(at + Math.min(c, columns - 1));
      float score = ActivationFunctions.value(activation, read);
      int isNumber = Precedence.isNumber(score);
      int number = isNumber == 1 ? c : c + columns;
      left[i] = isNumber == 1 && c < columns ? score : Float.NEGATIVE_INFINITY;
      numbers[i] = c < columns ? number : beyond;
    }
    for (int round = 0; round < k; round++) {
      float value = Float.NEGATIVE_INFINITY;
      int place = beyond;
      for (int i = 0; i < columnsOfLane; i++) {
        int better = Precedence.ordered(left[i], numbers[i], value, place);
        value = better == 1 ? left[i] : value;
        place = better == 1 ? numbers[i] : place;
      }
      values[thread] = value;
      places[thread] = place;
      for (int step = lanes / 2; step > 0; step /= 2) {
        context.localBarrier();
        if (lane < step) {
          float other = values[thread + step];
          int number = places[thread + step];
          int better = Precedence.ordered(other, number, values[thread], places[thread]);
          values[thread] = better == 1 ? other : values[thread];
          places[thread] = better == 1 ? number : places[thread];
        }
      }
      context.localBarrier();
      int found = places[thread - lane];
      context.localBarrier();
      for (int i = 0; i < columnsOfLane; i++) {
        left[i] = numbers[i] == found ? Float.NEGATIVE_INFINITY : left[i];
        numbers[i] = numbers[i] == found ? beyond : numbers[i];
      }
      if (lane == 0 && row < rows) {
        indices.set(row * k + round, found % columns);
      }
    }
  }
}
