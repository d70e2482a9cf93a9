package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Transposes f32 matrices while they are rounded to bf16 (as {@link RoundingKernels}): fragments of
 * tensor cores are loaded in one direction only.
 *
 * <p>f32 in local memory between, in tiles of {@value #EDGE} rows by {@value #WIDTH} columns.
 */
public final class TransposingKernels {
  static final int EDGE = 32;

  /** Columns of a tile. */
  private static final int WIDTH = 128;

  private TransposingKernels() {}

  /** Work groups of {@link #matrices}, for so many rows and columns of each. */
  public static int tiles(int matrices, int rows, int columns) {
    int ofMatrix = Math.multiplyExact(Math.ceilDiv(rows, EDGE), Math.ceilDiv(columns, WIDTH));
    return Math.multiplyExact(matrices, ofMatrix);
  }

  /**
   * y[e][j][i] = x[e][i][j], 0 for i from rows to pitch; and in the same pass, where {@code both}
   * is 1, what {@link RoundingKernels#toBf16} gives: straight[e][i][j] = x[e][i][j], 0 for j from
   * columns to pitchStraight. A work group for each tile of {@value #EDGE} rows by {@value #WIDTH}
   * columns of x. Launch shape: {@link LaunchShapes#groups(int)} of {@link #tiles}.
   *
   * @param x [groups, rows, columns]
   * @param pitch elements from one row of y to the next: rows, rounded up to a multiple of {@value
   *     #EDGE}
   * @param pitchStraight elements from one row of straight to the next: columns, rounded up to an
   *     even number
   * @param y [groups, columns, pitch], by pairs
   * @param straight [groups, rows, pitchStraight], by pairs; not touched if {@code both} is 0
   */
  public static void matrices(
      KernelContext context,
      FloatArray x,
      int rows,
      int columns,
      int pitch,
      int pitchStraight,
      int both,
      IntArray y,
      IntArray straight) {
    float[] tile = context.allocateFloatLocalArray(EDGE * (WIDTH + 1));
    int acrossTiles = (columns + WIDTH - 1) / WIDTH;
    int downTiles = pitch / EDGE;
    int firstColumn = (context.groupIdx % acrossTiles) * WIDTH;
    int rest = context.groupIdx / acrossTiles;
    int firstRow = (rest % downTiles) * EDGE;
    int matrix = rest / downTiles;
    int across = context.localIdx % (WIDTH / 2) * 2;
    int column = firstColumn + across;
    for (int i = context.localIdx / (WIDTH / 2); i < EDGE; i += LaunchShapes.GROUP / (WIDTH / 2)) {
      int row = firstRow + i;
      int end = row < rows ? columns : 0;
      float first = Bf16Pairs.orZero(x, (matrix * rows + row) * columns, column, end);
      float second = Bf16Pairs.orZero(x, (matrix * rows + row) * columns, column + 1, end);
      tile[i * (WIDTH + 1) + across] = first;
      tile[i * (WIDTH + 1) + across + 1] = second;
      if (both == 1 && row < rows && column < pitchStraight) {
        int at = ((matrix * rows + row) * pitchStraight + column) / 2;
        straight.set(at, Bf16Pairs.of(first, second));
      }
    }
    context.localBarrier();
    int pair = context.localIdx % (EDGE / 2);
    for (int i = context.localIdx / (EDGE / 2); i < WIDTH; i += LaunchShapes.GROUP / (EDGE / 2)) {
      if (firstColumn + i < columns) {
        int from = 2 * pair * (WIDTH + 1) + i;
        int at = ((matrix * columns + firstColumn + i) * pitch + firstRow) / 2 + pair;
        y.set(at, Bf16Pairs.of(tile[from], tile[from + WIDTH + 1]));
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
