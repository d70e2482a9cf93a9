package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * For each group the sum of outer products of its rows: the gradient of the groups' matrices in
 * {@link GroupedMatMulKernels}. Rows are summed in chunks that never span two groups, so that a few
 * groups with many rows keep a GPU busy, and the chunks in order.
 *
 * <p>Products and sums are f32, in an order fixed by the sizes and the offsets. Right on OpenCL and
 * CUDA. {@link GroupedOuterProductShape} chooses the arguments that are no sizes.
 */
public final class GroupedOuterProductKernels {
  private static final int GROUP = LaunchShapes.GROUP;

  /** Rows that are in local memory at a time. */
  static final int STEP = 16;

  /** Rows of a tile lie 2 banks apart. */
  private static final int PAD = 2;

  private GroupedOuterProductKernels() {}

  /**
   * Sums of each chunk, by register tiles: sums[q] = sum over the sorted rows s of chunk q of
   * {@code w[order[s]] left(s)^T right(s)}. An operand is by token or sorted: its row for s is
   * {@code order[s] / slots} where its {@code slots > 0}, and s where they are 0. Chunks without
   * rows write nothing.
   *
   * <p>One work group of {@value LaunchShapes#GROUP} threads for each tile of {@code 16 rowValues}
   * by {@code 16 columnValues} elements of each chunk.
   *
   * @param left [.., m]
   * @param right [.., n]
   * @param weights [rows] in the order of slots; not read if {@code weighted} is 0
   * @param sums [chunks, m, n]
   * @param rows S
   * @param weighted 1, or 0 for weights that are all 1
   * @param chunk rows of a chunk
   */
  public static void byChunks(
      KernelContext context,
      FloatArray left,
      FloatArray right,
      FloatArray weights,
      IntArray order,
      IntArray offsets,
      FloatArray sums,
      int rows,
      int m,
      int n,
      int groups,
      int slotsLeft,
      int slotsRight,
      int weighted,
      int chunk,
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
    float[] totals = new float[rowValues * columnValues];
    float[] fromLeft = new float[rowValues];
    float[] fromRight = new float[columnValues];

    int thread = context.localIdx;
    int threadColumn = thread & 15;
    int threadRow = thread >> 4;
    int columnTiles = (n + columnEdge - 1) / columnEdge;
    int rowTiles = (m + rowEdge - 1) / rowEdge;
    int firstColumn = (context.groupIdx % columnTiles) * columnEdge;
    int rest = context.groupIdx / columnTiles;
    int firstRow = (rest % rowTiles) * rowEdge;
    int block = rest / rowTiles;
    int group = GroupSearch.ofBlock(offsets, groups, chunk, block);
    int past = block - GroupSearch.firstBlock(offsets, group, chunk);
    int start = offsets.get(group) + past * chunk;
    int end = Math.min(start + chunk, offsets.get(group + 1));

    for (int i = 0; i < rowValues; i++) {
      for (int j = 0; j < columnValues; j++) {
        totals[i * columnValues + j] = 0f;
      }
    }
    for (int first = start; first < end; first += STEP) {
      // All loads before the first store, so that they are under way together. Indices are clamped
      // instead of guarded: what lies outside is loaded from inside and taken as 0.
      for (int i = 0; i < rowValues; i++) {
        int index = thread + i * GROUP;
        int at = first + index / rowEdge;
        int row = Math.min(at, rows - 1);
        int slot = order.get(row);
        int from = slotsLeft > 0 ? slot / Math.max(slotsLeft, 1) : row;
        float loaded = left.get(from * m + Math.min(firstRow + index % rowEdge, m - 1));
        if (weighted == 1) {
          loaded *= weights.get(slot);
        }
        fromLeft[i] = at < end ? loaded : 0f;
      }
      for (int j = 0; j < columnValues; j++) {
        int index = thread + j * GROUP;
        int at = first + index / columnEdge;
        int row = Math.min(at, rows - 1);
        int from = slotsRight > 0 ? order.get(row) / Math.max(slotsRight, 1) : row;
        float loaded = right.get(from * n + Math.min(firstColumn + index % columnEdge, n - 1));
        fromRight[j] = at < end ? loaded : 0f;
      }
      for (int i = 0; i < rowValues; i++) {
        int index = thread + i * GROUP;
        tileA[(index / rowEdge) * pitchA + index % rowEdge] = fromLeft[i];
      }
      for (int j = 0; j < columnValues; j++) {
        int index = thread + j * GROUP;
        tileB[(index / columnEdge) * pitchB + index % columnEdge] = fromRight[j];
      }
      context.localBarrier();
      for (int step = 0; step < STEP; step++) {
        for (int i = 0; i < rowValues; i++) {
          fromLeft[i] = tileA[step * pitchA + threadRow * rowValues + i];
        }
        for (int j = 0; j < columnValues; j++) {
          // Columns of a thread are 16 apart: neighbours read neighbouring banks, and store so.
          float factor = tileB[step * pitchB + threadColumn + j * 16];
          for (int i = 0; i < rowValues; i++) {
            totals[i * columnValues + j] += fromLeft[i] * factor;
          }
        }
      }
      context.localBarrier();
    }
    // A chunk without rows stores nothing. No branch around the loops says so: with one, PoCL 3.1
    // (seen) stores rows beyond m.
    int endRow = start < end ? m : 0;
    for (int i = 0; i < rowValues; i++) {
      int row = firstRow + threadRow * rowValues + i;
      if (row < endRow) {
        for (int j = 0; j < columnValues; j++) {
          int column = firstColumn + threadColumn + j * 16;
          if (column < n) {
            sums.set((block * m + row) * n + column, totals[i * columnValues + j]);
          }
        }
      }
    }
  }

  /**
   * For each group the sum of its chunks' sums, in order; 0 for a group without rows. Launch shape:
   * {@link LaunchShapes#elements} of totals.
   *
   * @param sums [chunks, columns]
   * @param chunk rows of a chunk
   * @param totals [groups, columns]
   */
  public static void sumChunks(
      KernelContext context,
      FloatArray sums,
      IntArray offsets,
      int groups,
      int columns,
      int chunk,
      FloatArray totals) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, groups * columns);
    for (int i = first; i < end; i += GROUP) {
      int group = i / columns;
      int block = GroupSearch.firstBlock(offsets, group, chunk);
      int rows = offsets.get(group + 1) - offsets.get(group);
      int past = block + (rows + chunk - 1) / chunk;
      int column = i % columns;
      float sum = 0f;
      for (int at = block; at < past; at++) {
        sum += sums.get(at * columns + column);
      }
      totals.set(i, sum);
    }
  }
}
