package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Transposes f32 matrices while they are rounded to bf16 (as {@link RoundingKernels}): fragments of
 * tensor cores are loaded in one direction only.
 *
 * <p>A work group of {@value LaunchShapes#GROUP} threads for each tile of {@value #EDGE} by {@value
 * #EDGE} elements of the result.
 */
public final class TransposingKernels {
  static final int EDGE = 32;

  private static final int ROWS_AT_ONCE = LaunchShapes.GROUP / EDGE;

  private TransposingKernels() {}

  /** Tiles of so many rows and columns. */
  public static int tiles(int rows, int columns) {
    return Math.multiplyExact(Math.ceilDiv(rows, EDGE), Math.ceilDiv(columns, EDGE));
  }

  /**
   * y[e][j][i] = x[e][i][j], 0 for i from rows to pitch. Launch shape: {@link
   * LaunchShapes#groups(int)} of groups times {@link #tiles} of columns and pitch.
   *
   * @param x [groups, rows, columns]
   * @param pitch elements from one row of y to the next, a multiple of {@value #EDGE}
   * @param y [groups, columns, pitch]
   */
  public static void matrices(
      KernelContext context, FloatArray x, int rows, int columns, int pitch, ShortArray y) {
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

  /**
   * y[j][p] = w[order[s]] x[s][j], rounded, where s is the sorted row at padded row p of {@link
   * PaddedRowKernels}; 0 in gaps. Launch shape: {@link LaunchShapes#groups(int)} of {@link #tiles}
   * of padded rows and columns.
   *
   * @param x bf16 [rows, pitch]
   * @param weights w [rows] in the order of slots; not read if {@code weighted} is 0
   * @param order i32[rows]
   * @param offsets i32[groups + 1]
   * @param padded rows, gaps included, a multiple of {@value #EDGE}
   * @param size padded rows that begin a group are multiples of it; a multiple of {@value #EDGE}
   * @param y [columns, padded]
   */
  public static void sortedRows(
      KernelContext context,
      ShortArray x,
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
      ShortArray y) {
    float[] tile = context.allocateFloatLocalArray(EDGE * (EDGE + 1));
    int across = context.localIdx % EDGE;
    int down = context.localIdx / EDGE;
    int columnTiles = (columns + EDGE - 1) / EDGE;
    int firstColumn = (context.groupIdx % columnTiles) * EDGE;
    int firstRow = (context.groupIdx / columnTiles) * EDGE;
    int group = GroupSearch.ofBlock(offsets, groups, size, firstRow / size);
    int sorted = PaddedRowKernels.sorted(offsets, group, size, firstRow);
    int end = offsets.get(group + 1);
    for (int i = down; i < EDGE; i += ROWS_AT_ONCE) {
      int row = Math.min(sorted + i, rows - 1);
      int column = Math.min(firstColumn + across, columns - 1);
      float loaded = BFloat16.bf16ToFloat(x.get(row * pitch + column));
      if (weighted == 1) {
        loaded *= weights.get(order.get(row));
      }
      tile[i * (EDGE + 1) + across] = sorted + i < end ? loaded : 0f;
    }
    context.localBarrier();
    for (int i = down; i < EDGE; i += ROWS_AT_ONCE) {
      int column = firstColumn + i;
      if (column < columns) {
        y.set(
            column * padded + firstRow + across,
            BFloat16.bf16FromFloat(tile[across * (EDGE + 1) + i]));
      }
    }
  }
}
