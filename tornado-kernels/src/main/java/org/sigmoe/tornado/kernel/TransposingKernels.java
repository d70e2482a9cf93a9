package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Transposes f32 matrices while they are rounded to bf16 (as {@link RoundingKernels}): fragments of
 * tensor cores are loaded in one direction only.
 *
 * <p>f32 in local memory between, in tiles of {@value #EDGE} rows by {@value #WIDTH} columns.
 */
public final class TransposingKernels {
  private static final int EDGE = 64;

  /** Columns of a tile. */
  private static final int WIDTH = 64;

  /** Rows of a tile that a work group reads at once, in pairs of columns. */
  private static final int ROWS_AT_ONCE = LaunchShapes.GROUP / (WIDTH / 2);

  /** Pairs of a thread. */
  private static final int PAIRS = EDGE / ROWS_AT_ONCE;

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
   * @param pitch of {@link RoundingKernels#pitch} of rows: elements from one row of y to the next
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
    float[] values = new float[2 * PAIRS];
    int acrossTiles = (columns + WIDTH - 1) / WIDTH;
    int downTiles = (rows + EDGE - 1) / EDGE;
    int firstColumn = (context.groupIdx % acrossTiles) * WIDTH;
    int rest = context.groupIdx / acrossTiles;
    int firstRow = (rest % downTiles) * EDGE;
    int matrix = rest / downTiles;
    int across = context.localIdx % (WIDTH / 2) * 2;
    int column = firstColumn + across;
    int firstInTile = context.localIdx / (WIDTH / 2);
    // Known to the compiler: then no row and no column needs to be looked at.
    boolean whole = rows % EDGE == 0 && columns % WIDTH == 0;
    // All loads on their way before the first store.
    for (int p = 0; p < PAIRS; p++) {
      int row = firstRow + firstInTile + p * ROWS_AT_ONCE;
      int from = (matrix * rows + (whole ? row : Math.min(row, rows - 1))) * columns;
      values[2 * p] = x.get(from + (whole ? column : Math.min(column, columns - 1)));
      values[2 * p + 1] = x.get(from + (whole ? column + 1 : Math.min(column + 1, columns - 1)));
    }
    for (int p = 0; p < PAIRS; p++) {
      int i = firstInTile + p * ROWS_AT_ONCE;
      int row = firstRow + i;
      int end = row < rows ? columns : 0;
      float first = whole || column < end ? values[2 * p] : 0f;
      float second = whole || column + 1 < end ? values[2 * p + 1] : 0f;
      tile[i * (WIDTH + 1) + across] = first;
      tile[i * (WIDTH + 1) + across + 1] = second;
      if (both == 1 && (whole || row < rows && column < pitchStraight)) {
        int at = ((matrix * rows + row) * pitchStraight + column) / 2;
        straight.set(at, Bf16Pairs.of(first, second));
      }
    }
    context.localBarrier();
    int pair = context.localIdx % (EDGE / 2);
    for (int i = context.localIdx / (EDGE / 2); i < WIDTH; i += LaunchShapes.GROUP / (EDGE / 2)) {
      if (whole || firstColumn + i < columns && firstRow + 2 * pair < pitch) {
        int from = 2 * pair * (WIDTH + 1) + i;
        int at = ((matrix * columns + firstColumn + i) * pitch + firstRow) / 2 + pair;
        y.set(at, Bf16Pairs.of(tile[from], tile[from + WIDTH + 1]));
      }
    }
  }
}
