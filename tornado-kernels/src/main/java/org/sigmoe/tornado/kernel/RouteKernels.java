package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Stable sort of positions by the group that each belongs to, in passes over digits of 8 bits from
 * the lowest up: up to {@value #RADIX} groups take one pass, a counting sort by group. {@link
 * RouteShape} puts the kernels together.
 *
 * <p>A pass cuts the positions into chunks of {@value LaunchShapes#GROUP} and goes through {@link
 * #countDigits}, {@link #scanChunks}, {@link #findStarts} and {@link #place}. Counting and ranking
 * compare all positions of a chunk with all: no atomic additions, and no order left to chance.
 *
 * <p>indices i32[positions], each in [0, groups); order i32[positions]. Right on OpenCL and CUDA.
 */
public final class RouteKernels {
  /** Values of a digit. */
  public static final int RADIX = 256;

  /** Positions of a chunk. */
  private static final int CHUNK = LaunchShapes.GROUP;

  private RouteKernels() {}

  /** Chunks of so many positions. */
  static int chunks(int positions) {
    return Math.ceilDiv(positions, CHUNK);
  }

  /**
   * How often each digit occurs in each chunk. Launch shape: a group for each chunk.
   *
   * @param order of the pass before; not read in the first pass
   * @param shift bits below the digit; 0 in the first pass
   * @param digits values that the digit takes, at most {@value #RADIX}
   * @param counts i32[digits, chunks]
   */
  public static void countDigits(
      KernelContext context,
      IntArray indices,
      IntArray order,
      int positions,
      int shift,
      int digits,
      int chunks,
      IntArray counts) {
    int[] keys = context.allocateIntLocalArray(CHUNK);
    int thread = context.localIdx;
    int at = context.groupIdx * CHUNK + thread;
    int loaded = key(indices, order, Math.min(at, positions - 1), shift);
    keys[thread] = at < positions ? loaded : -1;
    context.localBarrier();
    int count = 0;
    for (int i = 0; i < CHUNK; i++) {
      count += keys[i] == thread ? 1 : 0;
    }
    if (thread < digits) {
      counts.set(thread * chunks + context.groupIdx, count);
    }
  }

  /** The digit of what a pass finds at place {@code at}. */
  private static int key(IntArray indices, IntArray order, int at, int shift) {
    int position = at;
    if (shift > 0) {
      position = order.get(at);
    }
    return (indices.get(position) >> shift) & (RADIX - 1);
  }

  /**
   * Turns the counts of a digit into the number of its occurrences in chunks before, in place, and
   * gives their sum. Launch shape: a group for each digit.
   *
   * @param counts i32[digits, chunks]
   * @param totals i32[digits]
   */
  public static void scanChunks(
      KernelContext context, IntArray counts, int chunks, IntArray totals) {
    int[] sums = context.allocateIntLocalArray(LaunchShapes.GROUP);
    int thread = context.localIdx;
    int base = context.groupIdx * chunks;
    int before = 0;
    for (int first = 0; first < chunks; first += LaunchShapes.GROUP) {
      int at = first + thread;
      int loaded = counts.get(base + Math.min(at, chunks - 1));
      int count = at < chunks ? loaded : 0;
      sums[thread] = count;
      context.localBarrier();
      for (int step = 1; step < LaunchShapes.GROUP; step *= 2) {
        int other = sums[Math.max(thread - step, 0)];
        int added = thread >= step ? other : 0;
        context.localBarrier();
        sums[thread] += added;
        context.localBarrier();
      }
      if (at < chunks) {
        counts.set(base + at, before + sums[thread] - count);
      }
      before += sums[LaunchShapes.GROUP - 1];
      context.localBarrier();
    }
    if (thread == 0) {
      totals.set(context.groupIdx, before);
    }
  }

  /**
   * Where each digit's positions begin once sorted; those of the last end where a further one's
   * would begin. Launch shape: {@link LaunchShapes#groups(int)} of 1.
   *
   * @param totals i32[digits]
   * @param starts i32[digits + 1]
   */
  public static void findStarts(
      KernelContext context, IntArray totals, int digits, IntArray starts) {
    int[] sums = context.allocateIntLocalArray(LaunchShapes.GROUP);
    int thread = context.localIdx;
    int loaded = totals.get(Math.min(thread, digits - 1));
    sums[thread] = thread < digits ? loaded : 0;
    context.localBarrier();
    for (int step = 1; step < LaunchShapes.GROUP; step *= 2) {
      int other = sums[Math.max(thread - step, 0)];
      int added = thread >= step ? other : 0;
      context.localBarrier();
      sums[thread] += added;
      context.localBarrier();
    }
    if (thread < digits) {
      starts.set(thread + 1, sums[thread]);
    }
    if (thread == 0) {
      starts.set(0, 0);
    }
  }

  /**
   * Puts positions where they belong by this digit; of equal digits, the one that came first stays
   * first. Launch shape: a group for each chunk.
   *
   * @param order of the pass before; not read in the first pass
   * @param before i32[digits, chunks], of {@link #scanChunks}
   * @param starts i32[digits + 1], of {@link #findStarts}
   * @param sorted i32[positions]
   */
  public static void place(
      KernelContext context,
      IntArray indices,
      IntArray order,
      IntArray before,
      IntArray starts,
      int positions,
      int shift,
      int chunks,
      IntArray sorted) {
    int[] keys = context.allocateIntLocalArray(CHUNK);
    int thread = context.localIdx;
    int at = context.groupIdx * CHUNK + thread;
    int key = key(indices, order, Math.min(at, positions - 1), shift);
    keys[thread] = key;
    int first = starts.get(key) + before.get(key * chunks + context.groupIdx);
    context.localBarrier();
    int rank = 0;
    for (int i = 0; i < CHUNK; i++) {
      int equal = keys[i] == key ? 1 : 0;
      rank += i < thread ? equal : 0;
    }
    if (at < positions) {
      int position = at;
      if (shift > 0) {
        position = order.get(at);
      }
      sorted.set(first + rank, position);
    }
  }

  /**
   * Where each group begins among the sorted positions, for more groups than one pass knows: found
   * by bisection. Launch shape: {@link LaunchShapes#elements} of offsets.
   *
   * @param offsets i32[groups + 1]
   */
  public static void findOffsets(
      KernelContext context,
      IntArray indices,
      IntArray order,
      int positions,
      int groups,
      IntArray offsets) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, groups + 1);
    for (int group = first; group < end; group += LaunchShapes.GROUP) {
      int low = 0;
      int high = positions;
      while (low < high) {
        int middle = (low + high) / 2;
        if (indices.get(order.get(middle)) < group) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      offsets.set(group, low);
    }
  }

  /**
   * counts[e] = offsets[e + 1] - offsets[e]. Launch shape: {@link LaunchShapes#elements} of counts.
   */
  public static void countGroups(
      KernelContext context, IntArray offsets, int groups, IntArray counts) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, groups);
    for (int group = first; group < end; group += LaunchShapes.GROUP) {
      counts.set(group, offsets.get(group + 1) - offsets.get(group));
    }
  }
}
