package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rows of a table by token, and the gradient of the table: for each token the sum of the gradients
 * at its positions, always in the same order and without atomic additions.
 *
 * <p>The gradient takes four kernels: {@link #countBefore} and {@link #sortPositions} sort the
 * positions by token (where a position goes is the number of positions that come before it, counted
 * by comparing all with all: quadratic, but a tenth of a millisecond for 16384 positions and
 * without any order left to chance), {@link #findBounds} finds where each token's positions begin,
 * and {@link #sumPositions} adds up.
 *
 * <p>table, dtable [vocabulary, columns]; tokens i32[positions], each in [0, vocabulary); y, dy
 * [positions, columns]. f32. OpenCL and CUDA.
 */
public final class EmbeddingKernels {
  /** Parts that positions are compared with side by side. */
  private static final int PARTS = 8;

  private EmbeddingKernels() {}

  /** y[p] = table[tokens[p]]. Launch shape: {@link LaunchShapes#elements} of y. */
  public static void forward(
      KernelContext context,
      FloatArray table,
      IntArray tokens,
      int elements,
      int columns,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int token = tokens.get(i / columns);
      y.set(i, table.get(token * columns + i % columns));
    }
  }

  /**
   * Counts for each position the positions of one part of all that come before it when sorted by
   * token and, at equal tokens, by position. Launch shape: {@link #countShape}.
   *
   * @param positionsPerPart a multiple of {@value LaunchShapes#GROUP}
   * @param counts i32[parts, positions]
   */
  public static void countBefore(
      KernelContext context,
      IntArray tokens,
      int positions,
      int positionsPerPart,
      IntArray counts) {
    int[] tile = context.allocateIntLocalArray(LaunchShapes.GROUP);
    int position = context.globalIdx;
    int token = 0;
    if (position < positions) {
      token = tokens.get(position);
    }
    int first = context.groupIdy * positionsPerPart;
    int end = Math.min(first + positionsPerPart, positions);
    int count = 0;
    for (int start = first; start < end; start += LaunchShapes.GROUP) {
      int other = start + context.localIdx;
      // What lies beyond the end comes before nothing.
      int loaded = Integer.MAX_VALUE;
      if (other < positions) {
        loaded = tokens.get(other);
      }
      tile[context.localIdx] = loaded;
      context.localBarrier();
      for (int i = 0; i < LaunchShapes.GROUP; i++) {
        int bound = start + i < position ? token + 1 : token;
        if (tile[i] < bound) {
          count++;
        }
      }
      context.localBarrier();
    }
    if (position < positions) {
      counts.set(context.groupIdy * positions + position, count);
    }
  }

  /** Positions of a part of {@link #countBefore}: an eighth of many, so that a GPU is busy. */
  public static int positionsPerPart(int positions) {
    int groups = Math.ceilDiv(positions, LaunchShapes.GROUP);
    return Math.ceilDiv(groups, PARTS) * LaunchShapes.GROUP;
  }

  /** The launch shape of {@link #countBefore}. */
  public static WorkerGrid countShape(int positions, int parts) {
    int groups = Math.ceilDiv(positions, LaunchShapes.GROUP);
    return LaunchShapes.groups(groups, parts);
  }

  /**
   * Brings positions, and their tokens, into the order that was counted. Launch shape: {@link
   * LaunchShapes#elements}.
   *
   * @param counts i32[parts, positions]
   * @param sortedTokens i32[positions]
   * @param sortedPositions i32[positions]
   */
  public static void sortPositions(
      KernelContext context,
      IntArray tokens,
      IntArray counts,
      int positions,
      int parts,
      IntArray sortedTokens,
      IntArray sortedPositions) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, positions);
    for (int position = first; position < end; position += LaunchShapes.GROUP) {
      int before = 0;
      for (int part = 0; part < parts; part++) {
        before += counts.get(part * positions + position);
      }
      sortedTokens.set(before, tokens.get(position));
      sortedPositions.set(before, position);
    }
  }

  /**
   * Where each token's positions begin among the sorted ones; those of the last token end where a
   * further one's would begin. Launch shape: {@link LaunchShapes#elements} of starts.
   *
   * @param starts i32[vocabulary + 1]
   */
  public static void findBounds(
      KernelContext context,
      IntArray sortedTokens,
      int positions,
      int vocabulary,
      IntArray starts) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, vocabulary + 1);
    for (int token = first; token < end; token += LaunchShapes.GROUP) {
      int low = 0;
      int high = positions;
      while (low < high) {
        int middle = (low + high) / 2;
        if (sortedTokens.get(middle) < token) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      starts.set(token, low);
    }
  }

  /**
   * dtable[v] = sum of dy over the positions of v: a group for each token and block of {@code
   * width} columns, whose threads share the positions. Launch shape: {@link #sumShape}.
   *
   * @param width {@link #sumWidth}
   */
  public static void sumPositions(
      KernelContext context,
      FloatArray dy,
      IntArray sortedPositions,
      IntArray starts,
      int columns,
      int width,
      FloatArray dtable) {
    int token = context.groupIdx;
    int column = context.groupIdy * width + context.localIdx % width;
    int lane = context.localIdx / width;
    int lanes = LaunchShapes.GROUP / width;
    int end = column < columns ? starts.get(token + 1) : 0;
    float sum = 0f;
    for (int i = starts.get(token) + lane; i < end; i += lanes) {
      sum += dy.get(sortedPositions.get(i) * columns + column);
    }
    float total = GroupReductions.sumAcross(context, sum, width);
    if (lane == 0 && column < columns) {
      dtable.set(token * columns + column, total);
    }
  }

  /**
   * Columns of a group of {@link #sumPositions}: fewer, and so more threads for the positions of
   * one token, the more positions a token has.
   */
  public static int sumWidth(int positions, int vocabulary) {
    int average = positions / vocabulary;
    return average >= 32 ? 32 : average >= 8 ? 64 : 128;
  }

  /** The launch shape of {@link #sumPositions}. */
  public static WorkerGrid sumShape(int vocabulary, int columns, int width) {
    return LaunchShapes.groups(vocabulary, Math.ceilDiv(columns, width));
  }
}
