package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Transposes f32 matrices while they are rounded to bf16 (as {@link RoundingKernels}): fragments of
 * tensor cores are loaded in one direction only.
 *
 * <p>A work group of {@value LaunchShapes#GROUP} threads for each tile of {@value #EDGE} by {@value
 * #EDGE} elements of the result, unless a kernel says otherwise.
 */
public final class TransposingKernels {
  static final int EDGE = 32;

  /** Columns of a tile of {@link #sortedRows}. */
  private static final int WIDTH = 128;

  private static final int ROWS_AT_ONCE = LaunchShapes.GROUP / EDGE;

  private TransposingKernels() {}

  /** Tiles of so many rows and columns. */
  public static int tiles(int rows, int columns) {
    return Math.multiplyExact(Math.ceilDiv(rows, EDGE), Math.ceilDiv(columns, EDGE));
  }

  /**
   * y[e][j][i] = x[e][i][j], 0 for i from rows to pitch; and in the same pass, where {@code both}
   * is 1, what {@link RoundingKernels#toBf16} gives: straight[e][i][j] = x[e][i][j], 0 for j from
   * columns to pitchStraight. Launch shape: {@link LaunchShapes#groups(int)} of groups times {@link
   * #tiles} of columns and pitch.
   *
   * @param x [groups, rows, columns]
   * @param pitch elements from one row of y to the next, a multiple of {@value #EDGE}
   * @param pitchStraight elements from one row of straight to the next, a multiple of {@value
   *     #EDGE}
   * @param y [groups, columns, pitch]
   * @param straight [groups, rows, pitchStraight]; not touched if {@code both} is 0
   */
  public static void matrices(
      KernelContext context,
      FloatArray x,
      int rows,
      int columns,
      int pitch,
      int pitchStraight,
      int both,
      ShortArray y,
      ShortArray straight) {
    float[] tile = context.allocateFloatLocalArray(EDGE * (EDGE + 1));
    int across = context.localIdx % EDGE;
    int down = context.localIdx / EDGE;
    int acrossTiles = pitch / EDGE;
    int downTiles = (columns + EDGE - 1) / EDGE;
    int firstRow = (context.groupIdx % acrossTiles) * EDGE;
    int rest = context.groupIdx / acrossTiles;
    int firstColumn = (rest % downTiles) * EDGE;
    int matrix = rest / downTiles;
    for (int i = down; i < EDGE; i += ROWS_AT_ONCE) {
      int row = firstRow + i;
      int column = Math.min(firstColumn + across, columns - 1);
      float loaded = x.get((matrix * rows + Math.min(row, rows - 1)) * columns + column);
      tile[i * (EDGE + 1) + across] = row < rows ? loaded : 0f;
      if (both == 1 && row < rows) {
        float kept = firstColumn + across < columns ? loaded : 0f;
        straight.set(
            (matrix * rows + row) * pitchStraight + firstColumn + across,
            BFloat16.bf16FromFloat(kept));
      }
    }
    context.localBarrier();
    for (int i = down; i < EDGE; i += ROWS_AT_ONCE) {
      int column = firstColumn + i;
      if (column < columns) {
        y.set(
            (matrix * columns + column) * pitch + firstRow + across,
            BFloat16.bf16FromFloat(tile[across * (EDGE + 1) + i]));
      }
    }
  }

  /** Tiles of {@link #sortedRows}, for so many padded rows and columns. */
  static int sortedTiles(int padded, int columns) {
    return Math.multiplyExact(padded / EDGE, Math.ceilDiv(columns, WIDTH));
  }

  /**
   * y[j][p] = w[order[s]] x[s][j], rounded, where s is the sorted row at padded row p of {@link
   * PaddedRowKernels}; 0 in gaps. A work group for each tile of {@value #EDGE} padded rows by
   * {@value #WIDTH} columns. Launch shape: {@link LaunchShapes#groups(int)} of {@link
   * #sortedTiles}.
   *
   * @param x bf16 [rows, pitch], by fours
   * @param weights w [rows] in the order of slots; not read if {@code weighted} is 0
   * @param order i32[rows]
   * @param offsets i32[groups + 1]
   * @param padded rows, gaps included, a multiple of {@value #EDGE}
   * @param size padded rows that begin a group are multiples of it; a multiple of {@value #EDGE}
   * @param y bf16 [columns, padded], by pairs
   */
  public static void sortedRows(
      KernelContext context,
      LongArray x,
      FloatArray weights,
      IntArray order,
      IntArray offsets,
      int rows,
      int columns,
      int pitch,
      int groups,
      int padded,
      int size,
      int weighted,
      IntArray y) {
    float[] tile = context.allocateFloatLocalArray(EDGE * (WIDTH + 1));
    int columnTiles = (columns + WIDTH - 1) / WIDTH;
    int firstColumn = (context.groupIdx % columnTiles) * WIDTH;
    int firstRow = (context.groupIdx / columnTiles) * EDGE;
    int group = GroupSearch.ofBlock(offsets, groups, size, firstRow / size);
    int sorted = PaddedRowKernels.sorted(offsets, group, size, firstRow);
    int end = offsets.get(group + 1);
    int across = context.localIdx % (WIDTH / 4) * 4;
    int column = Math.min(firstColumn + across, pitch - 4);
    for (int i = context.localIdx / (WIDTH / 4); i < EDGE; i += LaunchShapes.GROUP / (WIDTH / 4)) {
      int row = Math.min(sorted + i, rows - 1);
      float factor = 1f;
      if (weighted == 1) {
        factor = weights.get(order.get(row));
      }
      long quad = x.get((row * pitch + column) / 4);
      int low = sorted + i < end ? (int) quad : 0;
      int high = sorted + i < end ? (int) (quad >> 32) : 0;
      int at = i * (WIDTH + 1) + across;
      tile[at] = factor * Bf16Pairs.first(low);
      tile[at + 1] = factor * Bf16Pairs.second(low);
      tile[at + 2] = factor * Bf16Pairs.first(high);
      tile[at + 3] = factor * Bf16Pairs.second(high);
    }
    context.localBarrier();
    int pair = context.localIdx % (EDGE / 2);
    int to = (firstColumn * padded + firstRow) / 2 + pair;
    for (int i = context.localIdx / (EDGE / 2); i < WIDTH; i += LaunchShapes.GROUP / (EDGE / 2)) {
      if (firstColumn + i < columns) {
        int from = 2 * pair * (WIDTH + 1) + i;
        y.set(to + i * (padded / 2), Bf16Pairs.of(tile[from], tile[from + WIDTH + 1]));
      }
    }
  }
}
