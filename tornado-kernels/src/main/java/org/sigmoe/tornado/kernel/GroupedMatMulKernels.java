package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Products of rows with the matrix of the group that each row belongs to, the first two kernels of
 * a mixture of experts: a token selects K slots, each slot an expert, and the S slots are sorted by
 * expert (order i32[S], offsets i32[groups + 1]; {@link RouteShape}).
 *
 * <p>Products and sums are f32, in an order fixed by the sizes. Right on OpenCL and CUDA. {@link
 * GroupedMatMulShape} chooses the arguments that are no sizes.
 */
public final class GroupedMatMulKernels {
  private static final int GROUP = LaunchShapes.GROUP;

  /** Terms of the sums that are in local memory at a time. */
  private static final int STEP = 16;

  /** Rows of a tile lie 2 banks apart, so that 16 terms of two rows are stored at once. */
  private static final int PAD = 2;

  private GroupedMatMulKernels() {}

  /**
   * Products by register tiles, as {@link MatMulKernels#byTiles}. Sorted row s belongs to group e
   * and is multiplied by op(m[e]) [k, n], element [p, j] of which is {@code m[e * k * n + p *
   * innerB + j * columnB]}:
   *
   * <ul>
   *   <li>gathered, {@code slots > 0}: c[s] = a[order[s] / slots] op(m[e]); a [tokens, k],
   *   <li>scattered, {@code slots == 0}: c[order[s]] = a[s] op(m[e]); a [rows, k].
   * </ul>
   *
   * <p>One work group of {@value LaunchShapes#GROUP} threads for each tile of {@code 16 rowValues}
   * rows by {@code 16 columnValues} columns.
   *
   * @param c [rows, n]
   * @param rows S
   * @param rowValues rows of c that a thread computes
   * @param columnValues columns of c that a thread computes
   */
  public static void byTiles(
      KernelContext context,
      FloatArray a,
      FloatArray m,
      IntArray order,
      IntArray offsets,
      FloatArray c,
      int rows,
      int n,
      int k,
      int groups,
      int slots,
      int innerB,
      int columnB,
      int rowValues,
      int columnValues) {
    int rowEdge = 16 * rowValues;
    int columnEdge = 16 * columnValues;
    int pitchA = rowEdge + PAD;
    int pitchB = columnEdge + PAD;
    // Local arrays are named only in this method: handed to a helper they are addressed wrongly.
    float[] tileA = context.allocateFloatLocalArray(STEP * pitchA);
    float[] tileB = context.allocateFloatLocalArray(STEP * pitchB);
    // These live in registers: all loops over them have constant bounds and are unrolled.
    float[] sums = new float[rowValues * columnValues];
    float[] left = new float[rowValues];
    float[] right = new float[columnValues];
    int[] rowsOfA = new int[rowValues];

    int thread = context.localIdx;
    int threadColumn = thread & 15;
    int threadRow = thread >> 4;
    int columnTiles = (n + columnEdge - 1) / columnEdge;
    int firstColumn = (context.groupIdx % columnTiles) * columnEdge;
    int block = context.groupIdx / columnTiles;
    int group = GroupSearch.ofBlock(offsets, groups, rowEdge, block);
    int past = block - GroupSearch.firstBlock(offsets, group, rowEdge);
    int firstRow = offsets.get(group) + past * rowEdge;
    int endRow = offsets.get(group + 1);
    int baseB = group * k * n;
    // A block without rows takes no steps.
    int end = firstRow < endRow ? k : 0;

    for (int i = 0; i < rowValues; i++) {
      for (int j = 0; j < columnValues; j++) {
        sums[i * columnValues + j] = 0f;
      }
    }
    for (int i = 0; i < rowValues; i++) {
      // Rows beyond the group's are computed from any row, and not stored.
      int row = Math.min(firstRow + threadRow + i * 16, rows - 1);
      rowsOfA[i] = (slots > 0 ? order.get(row) / Math.max(slots, 1) : row) * k;
    }
    for (int first = 0; first < end; first += STEP) {
      // All loads before the first store, so that they are under way together. Indices are clamped
      // instead of guarded: what lies outside is loaded from inside and taken as 0.
      for (int i = 0; i < rowValues; i++) {
        int term = first + threadColumn;
        float loaded = a.get(rowsOfA[i] + Math.min(term, k - 1));
        left[i] = term < k ? loaded : 0f;
      }
      for (int j = 0; j < columnValues; j++) {
        int index = thread + j * GROUP;
        int column = firstColumn + across(index, columnEdge, innerB);
        int term = first + along(index, columnEdge, innerB);
        int at = Math.min(term, k - 1) * innerB + Math.min(column, n - 1) * columnB;
        float loaded = m.get(baseB + at);
        right[j] = term < k ? loaded : 0f;
      }
      for (int i = 0; i < rowValues; i++) {
        tileA[threadColumn * pitchA + threadRow + i * 16] = left[i];
      }
      for (int j = 0; j < columnValues; j++) {
        int index = thread + j * GROUP;
        int term = along(index, columnEdge, innerB);
        tileB[term * pitchB + across(index, columnEdge, innerB)] = right[j];
      }
      context.localBarrier();
      for (int term = 0; term < STEP; term++) {
        for (int i = 0; i < rowValues; i++) {
          left[i] = tileA[term * pitchA + threadRow * rowValues + i];
        }
        for (int j = 0; j < columnValues; j++) {
          // Columns of a thread are 16 apart: neighbours read neighbouring banks, and store so.
          float factor = tileB[term * pitchB + threadColumn + j * 16];
          for (int i = 0; i < rowValues; i++) {
            sums[i * columnValues + j] += left[i] * factor;
          }
        }
      }
      context.localBarrier();
    }
    for (int i = 0; i < rowValues; i++) {
      int row = firstRow + threadRow * rowValues + i;
      if (row < endRow) {
        int to = slots > 0 ? row : order.get(row);
        for (int j = 0; j < columnValues; j++) {
          int column = firstColumn + threadColumn + j * 16;
          if (column < n) {
            c.set(to * n + column, sums[i * columnValues + j]);
          }
        }
      }
    }
  }

  /** Column, within its tile, of an element that is loaded as number {@code index}. */
  private static int across(int index, int edge, int inner) {
    return inner == 1 ? index >> 4 : index % edge;
  }

  /** Term, within its tile, of an element that is loaded as number {@code index}. */
  private static int along(int index, int edge, int inner) {
    return inner == 1 ? index & (STEP - 1) : index / edge;
  }

  /**
   * y[t] = sum over k of products[t * slots + k], k ascending: what the slots of a token add up to.
   * Launch shape: {@link LaunchShapes#elements} of y.
   *
   * @param products [tokens * slots, columns]
   * @param elements of y
   */
  public static void combine(
      KernelContext context,
      FloatArray products,
      int elements,
      int columns,
      int slots,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += GROUP) {
      int at = (i / columns) * slots * columns + i % columns;
      float sum = 0f;
      for (int slot = 0; slot < slots; slot++) {
        sum += products.get(at + slot * columns);
      }
      y.set(i, sum);
    }
  }

  /**
   * y[t] = sum over k of weights[t * slots + k] products[t * slots + k], as {@link #combine}.
   *
   * @param weights [tokens * slots]
   */
  public static void combineWeighted(
      KernelContext context,
      FloatArray products,
      FloatArray weights,
      int elements,
      int columns,
      int slots,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += GROUP) {
      int token = i / columns;
      int at = token * slots * columns + i % columns;
      float sum = 0f;
      for (int slot = 0; slot < slots; slot++) {
        sum += weights.get(token * slots + slot) * products.get(at + slot * columns);
      }
      y.set(i, sum);
    }
  }
}
