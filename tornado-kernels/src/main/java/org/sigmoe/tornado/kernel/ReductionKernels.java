package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Sums over rows and over whole tensors, in two stages where one group would be too slow: partial
 * sums by many groups, then their sum. The order depends on shapes alone.
 *
 * <p>f32. OpenCL and CUDA.
 */
public final class ReductionKernels {
  /** Rows from which on the sum over rows takes two stages; fewest rows of a chunk. */
  private static final int ROWS_OF_CHUNK = 128;

  private static final int MAX_CHUNKS = 64;

  /** Elements from which on the sum of a tensor takes two stages; fewest elements of a group. */
  private static final int ELEMENTS_OF_GROUP = 4096;

  private static final int MAX_GROUPS = 512;

  private ReductionKernels() {}

  /** Rows of a chunk in the first stage of a sum over rows; all rows if one stage is enough. */
  public static int rowsPerChunk(int rows) {
    return Math.ceilDiv(rows, Math.clamp(rows / ROWS_OF_CHUNK, 1, MAX_CHUNKS));
  }

  /** Groups for the first stage of the sum of a tensor; 1 if one stage is enough. */
  public static int groups(int elements) {
    return Math.clamp(elements / ELEMENTS_OF_GROUP, 1, MAX_GROUPS);
  }

  /**
   * Sums of each chunk of rows, columns by column. Launch shape: {@link LaunchShapes#columns}.
   *
   * @param x [rows, columns]
   * @param rowsPerChunk rows of all chunks but the last
   * @param sums [chunks, columns]
   */
  public static void sumRows(
      KernelContext context,
      FloatArray x,
      int rows,
      int columns,
      int rowsPerChunk,
      FloatArray sums) {
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int column = context.groupIdx * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int first = context.groupIdy * rowsPerChunk;
    int end = column < columns ? Math.min(first + rowsPerChunk, rows) : 0;
    float sum = 0f;
    for (int row = first + lane; row < end; row += LaunchShapes.ROW_LANES) {
      sum += x.get(row * columns + column);
    }
    float total = GroupReductions.sumAcross(context, sum, LaunchShapes.COLUMNS);
    if (lane == 0 && column < columns) {
      sums.set(context.groupIdy * columns + column, total);
    }
  }

  /**
   * Sums over the rows of two tensors of one shape. Launch shape: {@link LaunchShapes#columns} of
   * two chunks.
   *
   * @param first [rows, columns], and so is second
   * @param sumsOfFirst [columns], and so are sumsOfSecond
   */
  public static void sumRowsOfTwo(
      KernelContext context,
      FloatArray first,
      FloatArray second,
      int rows,
      int columns,
      FloatArray sumsOfFirst,
      FloatArray sumsOfSecond) {
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int column = context.groupIdx * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int end = column < columns ? rows : 0;
    // No conditions, because TornadoVM loses a negation where one is the opposite of another.
    int endOfFirst = end * (1 - context.groupIdy);
    int endOfSecond = end * context.groupIdy;
    float sum = 0f;
    for (int row = lane; row < endOfFirst; row += LaunchShapes.ROW_LANES) {
      sum += first.get(row * columns + column);
    }
    for (int row = lane; row < endOfSecond; row += LaunchShapes.ROW_LANES) {
      sum += second.get(row * columns + column);
    }
    float total = GroupReductions.sumAcross(context, sum, LaunchShapes.COLUMNS);
    if (lane == 0 && endOfFirst > 0) {
      sumsOfFirst.set(column, total);
    }
    if (lane == 0 && endOfSecond > 0) {
      sumsOfSecond.set(column, total);
    }
  }

  /**
   * As {@link #sumRows} of rows rounded to bf16, which are read as {@link Bf16Pairs}. Launch shape:
   * {@link LaunchShapes#columns} of pairs.
   *
   * @param x [rows, pairsOfRow]
   */
  public static void sumRoundedRows(
      KernelContext context,
      IntArray x,
      int pairsOfRow,
      int rows,
      int columns,
      int rowsPerChunk,
      FloatArray sums) {
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int pair = context.groupIdx * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int first = context.groupIdy * rowsPerChunk;
    int end = 2 * pair < columns ? Math.min(first + rowsPerChunk, rows) : 0;
    float ofFirst = 0f;
    float ofSecond = 0f;
    for (int row = first + lane; row < end; row += LaunchShapes.ROW_LANES) {
      int both = x.get(row * pairsOfRow + pair);
      ofFirst += Bf16Pairs.first(both);
      ofSecond += Bf16Pairs.second(both);
    }
    float firstTotal = GroupReductions.sumAcross(context, ofFirst, LaunchShapes.COLUMNS);
    float secondTotal = GroupReductions.sumAcross(context, ofSecond, LaunchShapes.COLUMNS);
    int to = context.groupIdy * columns + 2 * pair;
    if (lane == 0 && 2 * pair < columns) {
      sums.set(to, firstTotal);
    }
    if (lane == 0 && 2 * pair + 1 < columns) {
      sums.set(to + 1, secondTotal);
    }
  }

  /** Sums of squares of each chunk of rows, as {@link #sumRows}. */
  public static void sumSquaresOfRows(
      KernelContext context,
      FloatArray x,
      int rows,
      int columns,
      int rowsPerChunk,
      FloatArray sums) {
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int column = context.groupIdx * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int first = context.groupIdy * rowsPerChunk;
    int end = column < columns ? Math.min(first + rowsPerChunk, rows) : 0;
    float sum = 0f;
    for (int row = first + lane; row < end; row += LaunchShapes.ROW_LANES) {
      float element = x.get(row * columns + column);
      sum += element * element;
    }
    float total = GroupReductions.sumAcross(context, sum, LaunchShapes.COLUMNS);
    if (lane == 0 && column < columns) {
      sums.set(context.groupIdy * columns + column, total);
    }
  }

  /**
   * result [columns] = square root of the sum over chunks of sums [chunks, columns]. Launch shape:
   * {@link LaunchShapes#elements} of columns.
   */
  public static void rootOfChunks(
      KernelContext context, FloatArray sums, int chunks, int columns, FloatArray result) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, columns);
    for (int column = first; column < end; column += LaunchShapes.GROUP) {
      float sum = 0f;
      for (int chunk = 0; chunk < chunks; chunk++) {
        sum += sums.get(chunk * columns + column);
      }
      result.set(column, TornadoMath.sqrt(sum));
    }
  }

  /**
   * A sum for each group, over elements that lie as many groups apart. Launch shape: {@link
   * LaunchShapes#groups(int)}.
   *
   * @param sums [groups]
   */
  public static void partialSums(
      KernelContext context, FloatArray x, int elements, int groups, FloatArray sums) {
    float sum = 0f;
    for (int i = context.globalIdx; i < elements; i += groups * LaunchShapes.GROUP) {
      sum += x.get(i);
    }
    float total = GroupReductions.sum(context, sum, LaunchShapes.GROUP);
    if (context.localIdx == 0) {
      sums.set(context.groupIdx, total);
    }
  }

  /**
   * result [1] = sum of x divided by {@code divisor}: a mean, of x or of the tensor whose partial
   * sums x holds. Launch shape: {@link LaunchShapes#groups(int)} of 1.
   */
  public static void quotient(
      KernelContext context, FloatArray x, int elements, int divisor, FloatArray result) {
    float sum = 0f;
    for (int i = context.localIdx; i < elements; i += LaunchShapes.GROUP) {
      sum += x.get(i);
    }
    float total = GroupReductions.sum(context, sum, LaunchShapes.GROUP);
    if (context.localIdx == 0) {
      result.set(0, total / divisor);
    }
  }

  /**
   * result [1] = total [1] + sum of squares of x. Launch shape: {@link LaunchShapes#groups(int)} of
   * 1.
   */
  public static void addSquares(
      KernelContext context, FloatArray total, FloatArray x, int elements, FloatArray result) {
    float sum = 0f;
    for (int i = context.localIdx; i < elements; i += LaunchShapes.GROUP) {
      float element = x.get(i);
      sum += element * element;
    }
    float added = GroupReductions.sum(context, sum, LaunchShapes.GROUP);
    if (context.localIdx == 0) {
      result.set(0, total.get(0) + added);
    }
  }

  /** result [1] = total [1] + sum of x. Launch shape: {@link LaunchShapes#groups(int)} of 1. */
  public static void addSum(
      KernelContext context, FloatArray total, FloatArray x, int elements, FloatArray result) {
    float sum = 0f;
    for (int i = context.localIdx; i < elements; i += LaunchShapes.GROUP) {
      sum += x.get(i);
    }
    float added = GroupReductions.sum(context, sum, LaunchShapes.GROUP);
    if (context.localIdx == 0) {
      result.set(0, total.get(0) + added);
    }
  }

  /** Every element of dx is dy [1] / elements. Launch shape: {@link LaunchShapes#elements}. */
  public static void meanGradient(
      KernelContext context, FloatArray dy, int elements, FloatArray dx) {
    float share = dy.get(0) / elements;
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      dx.set(i, share);
    }
  }
}
