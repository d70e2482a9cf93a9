package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Products of rows with the matrix of the group that each row belongs to, as {@link
 * GroupedMatMulKernels}, on tensor cores: bf16 operands, read four at a time, and f32 sums in an
 * order fixed by the sizes. CUDA only. {@link GroupedMmaShape} puts the kernels together.
 */
public final class GroupedMmaKernels {
  private GroupedMmaKernels() {}

  /** Columns of a tile: as many as threads. */
  static final int COLUMNS = 128;

  /** The result is y, in f32. */
  static final int EXACT = 0;

  /** The result is y where it is positive and else 0, rounded to bf16. */
  static final int RELU = 1;

  /** The result has padded rows, rounded to bf16. */
  static final int PADDED = 2;

  /** Rows that threads move at once from a tile to the result. */
  private static final int ROWS_MOVED = 16;

  /**
   * y[s] = a[sources[p]] m[e], for each padded row p of {@link PaddedRowKernels} with blocks of
   * {@value MmaTile#ROWS} rows, s the sorted row that it is and e the group of its block; or what
   * else {@code form} says.
   *
   * <p>Rows of matrices begin at multiples of four elements. A work group of {@value
   * MmaTile#THREADS} threads for each tile of {@link MmaTile} with {@value #COLUMNS} columns.
   *
   * @param a [.., terms], with zeros from there to the next multiple of {@value MmaTile#STEP}
   * @param m [groups, terms, n]
   * @param sources i32[padded rows]
   * @param blocks of {@link PaddedRowKernels#blocks}
   * @param tiles [padded rows, n rounded up to a multiple of {@value #COLUMNS}], scratch memory if
   *     {@code form} is {@link #EXACT}
   * @param y [rows, n] if {@code form} is {@link #EXACT}
   * @param rounded bf16[rows or padded rows, pitch] if it is another; with zeros beyond column n
   * @param pitchA elements from one row of a to the next
   * @param pitchM elements from one row of m to the next
   * @param pitch elements from one row of {@code rounded} to the next, a multiple of 16
   * @param form {@link #EXACT}, {@link #RELU} or {@link #PADDED}
   */
  public static void product(
      KernelContext context,
      LongArray a,
      LongArray m,
      IntArray sources,
      IntArray blocks,
      FloatArray tiles,
      FloatArray y,
      LongArray rounded,
      int pitchA,
      int pitchM,
      int terms,
      int n,
      int pitch,
      int form) {
    // Local arrays are indexed only in this method: in a helper they are addressed wrongly.
    int[] tileA = context.allocateIntLocalArray(MmaTile.STAGES * MmaTile.PAIRS_A);
    int[] tileB = context.allocateIntLocalArray(MmaTile.STAGES * MmaTile.pairsB(COLUMNS));
    int[] rowsOfA = new int[MmaTile.LOADS_A];
    int[] columnsOfB = new int[MmaTile.loadsB(COLUMNS)];
    float[] moved = new float[ROWS_MOVED];
    long[] nextA = new long[MmaTile.LOADS_A];
    long[] nextB = new long[MmaTile.loadsB(COLUMNS)];
    int[] own = new int[FragmentSums.LENGTH];

    int thread = context.localIdx;
    Object hidden = FragmentSums.hidden(thread, own, rounded);
    // Threads get adjacent sums to round, but whole fragments to store as they are.
    boolean byParity = form != EXACT;
    int firstA = MmaTile.storedA(thread, 0);
    int secondA = MmaTile.storedA(thread, 1);
    int firstB =
        byParity
            ? MmaTile.storedByParityB(thread, 0, COLUMNS)
            : MmaTile.storedB(thread, 0, COLUMNS);
    int secondB =
        byParity
            ? MmaTile.storedByParityB(thread, 1, COLUMNS)
            : MmaTile.storedB(thread, 1, COLUMNS);
    int columnTiles = (n + COLUMNS - 1) / COLUMNS;
    int firstColumn = (context.groupIdx % columnTiles) * COLUMNS;
    int block = context.groupIdx / columnTiles;
    int group = blocks.get(block * PaddedRowKernels.FIELDS);
    int firstRow = blocks.get(block * PaddedRowKernels.FIELDS + 1);
    int rows = blocks.get(block * PaddedRowKernels.FIELDS + 2);
    if (rows > 0) {
      int steps = (terms + MmaTile.STEP - 1) / MmaTile.STEP;
      for (int i = 0; i < MmaTile.LOADS_A; i++) {
        int row = block * MmaTile.ROWS + MmaTile.loadedRowA(thread, i);
        rowsOfA[i] = (sources.get(row) * pitchA + MmaTile.loadedTermA(thread)) / 4;
        nextA[i] = a.get(rowsOfA[i]);
      }
      int quadsOfRow = pitchM / 4;
      int baseB = group * terms * quadsOfRow;
      for (int i = 0; i < MmaTile.loadsB(COLUMNS); i++) {
        int column = firstColumn + MmaTile.loadedColumnB(thread, i, COLUMNS);
        columnsOfB[i] = baseB + Math.min(column, pitchM - 4) / 4;
        // Rows beyond m's meet zeros of a: any row will do.
        int term = Math.min(MmaTile.loadedTermB(thread, i, COLUMNS), terms - 1);
        nextB[i] = m.get(columnsOfB[i] + term * quadsOfRow);
      }
      for (int i = 0; i < MmaTile.LOADS_A; i++) {
        int at = i * MmaTile.NEXT_PAIR_A;
        tileA[firstA + at] = MmaTile.firstPair(thread, nextA[i]);
        tileA[secondA + at] = MmaTile.secondPair(thread, nextA[i]);
      }
      for (int i = 0; i < MmaTile.loadsB(COLUMNS); i++) {
        int at = MmaTile.nextPairB(i, COLUMNS);
        tileB[firstB + at] = byParity ? (int) nextB[i] : MmaTile.firstPair(thread, nextB[i]);
        tileB[secondB + at] =
            byParity ? (int) (nextB[i] >> 32) : MmaTile.secondPair(thread, nextB[i]);
      }
      context.localBarrier();

      // By rows and columns. TornadoVM compiles no arrays of fragments.
      float[] c00 = context.mmaFragment(0f);
      float[] c01 = context.mmaFragment(0f);
      float[] c02 = context.mmaFragment(0f);
      float[] c03 = context.mmaFragment(0f);
      float[] c04 = context.mmaFragment(0f);
      float[] c05 = context.mmaFragment(0f);
      float[] c06 = context.mmaFragment(0f);
      float[] c07 = context.mmaFragment(0f);
      float[] c10 = context.mmaFragment(0f);
      float[] c11 = context.mmaFragment(0f);
      float[] c12 = context.mmaFragment(0f);
      float[] c13 = context.mmaFragment(0f);
      float[] c14 = context.mmaFragment(0f);
      float[] c15 = context.mmaFragment(0f);
      float[] c16 = context.mmaFragment(0f);
      float[] c17 = context.mmaFragment(0f);
      float[] c20 = context.mmaFragment(0f);
      float[] c21 = context.mmaFragment(0f);
      float[] c22 = context.mmaFragment(0f);
      float[] c23 = context.mmaFragment(0f);
      float[] c24 = context.mmaFragment(0f);
      float[] c25 = context.mmaFragment(0f);
      float[] c26 = context.mmaFragment(0f);
      float[] c27 = context.mmaFragment(0f);
      float[] c30 = context.mmaFragment(0f);
      float[] c31 = context.mmaFragment(0f);
      float[] c32 = context.mmaFragment(0f);
      float[] c33 = context.mmaFragment(0f);
      float[] c34 = context.mmaFragment(0f);
      float[] c35 = context.mmaFragment(0f);
      float[] c36 = context.mmaFragment(0f);
      float[] c37 = context.mmaFragment(0f);

      for (int step = 0; step < steps; step++) {
        // What comes next, from global memory to registers; the last time for nobody.
        int ahead = Math.min(step + 1, steps - 1);
        for (int i = 0; i < MmaTile.LOADS_A; i++) {
          nextA[i] = a.get(rowsOfA[i] + ahead * (MmaTile.STEP / 4));
        }
        for (int i = 0; i < MmaTile.loadsB(COLUMNS); i++) {
          int term = ahead * MmaTile.STEP + MmaTile.loadedTermB(thread, i, COLUMNS);
          nextB[i] = m.get(columnsOfB[i] + Math.min(term, terms - 1) * quadsOfRow);
        }
        int stage = step % MmaTile.STAGES;
        int fromB = stage * MmaTile.pairsB(COLUMNS) * 4;
        for (int half = 0; half < 2; half++) {
          int fromA = stage * MmaTile.PAIRS_A * 4 + MmaTile.fragmentA(thread, half);
          HalfFloat[] a0 = context.mmaLoadA(tileA, 16, fromA);
          HalfFloat[] a1 = context.mmaLoadA(tileA, 16, fromA + MmaTile.NEXT_ROWS);
          HalfFloat[] a2 = context.mmaLoadA(tileA, 16, fromA + 2 * MmaTile.NEXT_ROWS);
          HalfFloat[] a3 = context.mmaLoadA(tileA, 16, fromA + 3 * MmaTile.NEXT_ROWS);
          HalfFloat[] b0 =
              context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 0, COLUMNS));
          c00 = context.mmaBF16(a0, b0, c00, MMAShape.M16N8K16);
          c10 = context.mmaBF16(a1, b0, c10, MMAShape.M16N8K16);
          c20 = context.mmaBF16(a2, b0, c20, MMAShape.M16N8K16);
          c30 = context.mmaBF16(a3, b0, c30, MMAShape.M16N8K16);
          HalfFloat[] b1 =
              context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 1, COLUMNS));
          c01 = context.mmaBF16(a0, b1, c01, MMAShape.M16N8K16);
          c11 = context.mmaBF16(a1, b1, c11, MMAShape.M16N8K16);
          c21 = context.mmaBF16(a2, b1, c21, MMAShape.M16N8K16);
          c31 = context.mmaBF16(a3, b1, c31, MMAShape.M16N8K16);
          HalfFloat[] b2 =
              context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 2, COLUMNS));
          c02 = context.mmaBF16(a0, b2, c02, MMAShape.M16N8K16);
          c12 = context.mmaBF16(a1, b2, c12, MMAShape.M16N8K16);
          c22 = context.mmaBF16(a2, b2, c22, MMAShape.M16N8K16);
          c32 = context.mmaBF16(a3, b2, c32, MMAShape.M16N8K16);
          HalfFloat[] b3 =
              context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 3, COLUMNS));
          c03 = context.mmaBF16(a0, b3, c03, MMAShape.M16N8K16);
          c13 = context.mmaBF16(a1, b3, c13, MMAShape.M16N8K16);
          c23 = context.mmaBF16(a2, b3, c23, MMAShape.M16N8K16);
          c33 = context.mmaBF16(a3, b3, c33, MMAShape.M16N8K16);
          HalfFloat[] b4 =
              context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 4, COLUMNS));
          c04 = context.mmaBF16(a0, b4, c04, MMAShape.M16N8K16);
          c14 = context.mmaBF16(a1, b4, c14, MMAShape.M16N8K16);
          c24 = context.mmaBF16(a2, b4, c24, MMAShape.M16N8K16);
          c34 = context.mmaBF16(a3, b4, c34, MMAShape.M16N8K16);
          HalfFloat[] b5 =
              context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 5, COLUMNS));
          c05 = context.mmaBF16(a0, b5, c05, MMAShape.M16N8K16);
          c15 = context.mmaBF16(a1, b5, c15, MMAShape.M16N8K16);
          c25 = context.mmaBF16(a2, b5, c25, MMAShape.M16N8K16);
          c35 = context.mmaBF16(a3, b5, c35, MMAShape.M16N8K16);
          HalfFloat[] b6 =
              context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 6, COLUMNS));
          c06 = context.mmaBF16(a0, b6, c06, MMAShape.M16N8K16);
          c16 = context.mmaBF16(a1, b6, c16, MMAShape.M16N8K16);
          c26 = context.mmaBF16(a2, b6, c26, MMAShape.M16N8K16);
          c36 = context.mmaBF16(a3, b6, c36, MMAShape.M16N8K16);
          HalfFloat[] b7 =
              context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 7, COLUMNS));
          c07 = context.mmaBF16(a0, b7, c07, MMAShape.M16N8K16);
          c17 = context.mmaBF16(a1, b7, c17, MMAShape.M16N8K16);
          c27 = context.mmaBF16(a2, b7, c27, MMAShape.M16N8K16);
          c37 = context.mmaBF16(a3, b7, c37, MMAShape.M16N8K16);
        }
        int intoA = (1 - stage) * MmaTile.PAIRS_A;
        int intoB = (1 - stage) * MmaTile.pairsB(COLUMNS);
        for (int i = 0; i < MmaTile.LOADS_A; i++) {
          int at = intoA + i * MmaTile.NEXT_PAIR_A;
          tileA[firstA + at] = MmaTile.firstPair(thread, nextA[i]);
          tileA[secondA + at] = MmaTile.secondPair(thread, nextA[i]);
        }
        for (int i = 0; i < MmaTile.loadsB(COLUMNS); i++) {
          int at = intoB + MmaTile.nextPairB(i, COLUMNS);
          tileB[firstB + at] = byParity ? (int) nextB[i] : MmaTile.firstPair(thread, nextB[i]);
          tileB[secondB + at] =
              byParity ? (int) (nextB[i] >> 32) : MmaTile.secondPair(thread, nextB[i]);
        }
        context.localBarrier();
      }
      int row = block * MmaTile.ROWS + MmaTile.warpRow(thread);
      int column = firstColumn + MmaTile.warpColumn(thread, COLUMNS);
      if (byParity) {
        int lane = thread & 31;
        int upper = MmaTile.warpRow(thread) + (lane >> 2);
        int base = form == PADDED ? block * MmaTile.ROWS : firstRow;
        int left = (form == PADDED ? MmaTile.ROWS : rows) - upper;
        int quad = ((base + upper) * pitch + column) / 4 + (lane & 3);
        int down = 8 * pitch / 4;
        boolean relu = form == RELU;
        if (column < pitch) {
          FragmentSums.storeRounded(
              context, c00, c01, own, hidden, rounded, quad, down, left, relu);
          FragmentSums.storeRounded(
              context, c10, c11, own, hidden, rounded, quad + 2 * down, down, left - 16, relu);
          FragmentSums.storeRounded(
              context, c20, c21, own, hidden, rounded, quad + 4 * down, down, left - 32, relu);
          FragmentSums.storeRounded(
              context, c30, c31, own, hidden, rounded, quad + 6 * down, down, left - 48, relu);
        }
        if (column + 16 < pitch) {
          FragmentSums.storeRounded(
              context, c02, c03, own, hidden, rounded, quad + 4, down, left, relu);
          FragmentSums.storeRounded(
              context, c12, c13, own, hidden, rounded, quad + 4 + 2 * down, down, left - 16, relu);
          FragmentSums.storeRounded(
              context, c22, c23, own, hidden, rounded, quad + 4 + 4 * down, down, left - 32, relu);
          FragmentSums.storeRounded(
              context, c32, c33, own, hidden, rounded, quad + 4 + 6 * down, down, left - 48, relu);
        }
        if (column + 32 < pitch) {
          FragmentSums.storeRounded(
              context, c04, c05, own, hidden, rounded, quad + 8, down, left, relu);
          FragmentSums.storeRounded(
              context, c14, c15, own, hidden, rounded, quad + 8 + 2 * down, down, left - 16, relu);
          FragmentSums.storeRounded(
              context, c24, c25, own, hidden, rounded, quad + 8 + 4 * down, down, left - 32, relu);
          FragmentSums.storeRounded(
              context, c34, c35, own, hidden, rounded, quad + 8 + 6 * down, down, left - 48, relu);
        }
        if (column + 48 < pitch) {
          FragmentSums.storeRounded(
              context, c06, c07, own, hidden, rounded, quad + 12, down, left, relu);
          FragmentSums.storeRounded(
              context, c16, c17, own, hidden, rounded, quad + 12 + 2 * down, down, left - 16, relu);
          FragmentSums.storeRounded(
              context, c26, c27, own, hidden, rounded, quad + 12 + 4 * down, down, left - 32, relu);
          FragmentSums.storeRounded(
              context, c36, c37, own, hidden, rounded, quad + 12 + 6 * down, down, left - 48, relu);
        }
      } else if (rows == MmaTile.ROWS && n % COLUMNS == 0) {
        row = firstRow + MmaTile.warpRow(thread);
        context.mmaStore(c00, y, row, column, n);
        context.mmaStore(c01, y, row, column + 8, n);
        context.mmaStore(c02, y, row, column + 16, n);
        context.mmaStore(c03, y, row, column + 24, n);
        context.mmaStore(c04, y, row, column + 32, n);
        context.mmaStore(c05, y, row, column + 40, n);
        context.mmaStore(c06, y, row, column + 48, n);
        context.mmaStore(c07, y, row, column + 56, n);
        context.mmaStore(c10, y, row + 16, column, n);
        context.mmaStore(c11, y, row + 16, column + 8, n);
        context.mmaStore(c12, y, row + 16, column + 16, n);
        context.mmaStore(c13, y, row + 16, column + 24, n);
        context.mmaStore(c14, y, row + 16, column + 32, n);
        context.mmaStore(c15, y, row + 16, column + 40, n);
        context.mmaStore(c16, y, row + 16, column + 48, n);
        context.mmaStore(c17, y, row + 16, column + 56, n);
        context.mmaStore(c20, y, row + 32, column, n);
        context.mmaStore(c21, y, row + 32, column + 8, n);
        context.mmaStore(c22, y, row + 32, column + 16, n);
        context.mmaStore(c23, y, row + 32, column + 24, n);
        context.mmaStore(c24, y, row + 32, column + 32, n);
        context.mmaStore(c25, y, row + 32, column + 40, n);
        context.mmaStore(c26, y, row + 32, column + 48, n);
        context.mmaStore(c27, y, row + 32, column + 56, n);
        context.mmaStore(c30, y, row + 48, column, n);
        context.mmaStore(c31, y, row + 48, column + 8, n);
        context.mmaStore(c32, y, row + 48, column + 16, n);
        context.mmaStore(c33, y, row + 48, column + 24, n);
        context.mmaStore(c34, y, row + 48, column + 32, n);
        context.mmaStore(c35, y, row + 48, column + 40, n);
        context.mmaStore(c36, y, row + 48, column + 48, n);
        context.mmaStore(c37, y, row + 48, column + 56, n);
      } else {
        int pitchOfTiles = columnTiles * COLUMNS;
        context.mmaStore(c00, tiles, row, column, pitchOfTiles);
        context.mmaStore(c01, tiles, row, column + 8, pitchOfTiles);
        context.mmaStore(c02, tiles, row, column + 16, pitchOfTiles);
        context.mmaStore(c03, tiles, row, column + 24, pitchOfTiles);
        context.mmaStore(c04, tiles, row, column + 32, pitchOfTiles);
        context.mmaStore(c05, tiles, row, column + 40, pitchOfTiles);
        context.mmaStore(c06, tiles, row, column + 48, pitchOfTiles);
        context.mmaStore(c07, tiles, row, column + 56, pitchOfTiles);
        context.mmaStore(c10, tiles, row + 16, column, pitchOfTiles);
        context.mmaStore(c11, tiles, row + 16, column + 8, pitchOfTiles);
        context.mmaStore(c12, tiles, row + 16, column + 16, pitchOfTiles);
        context.mmaStore(c13, tiles, row + 16, column + 24, pitchOfTiles);
        context.mmaStore(c14, tiles, row + 16, column + 32, pitchOfTiles);
        context.mmaStore(c15, tiles, row + 16, column + 40, pitchOfTiles);
        context.mmaStore(c16, tiles, row + 16, column + 48, pitchOfTiles);
        context.mmaStore(c17, tiles, row + 16, column + 56, pitchOfTiles);
        context.mmaStore(c20, tiles, row + 32, column, pitchOfTiles);
        context.mmaStore(c21, tiles, row + 32, column + 8, pitchOfTiles);
        context.mmaStore(c22, tiles, row + 32, column + 16, pitchOfTiles);
        context.mmaStore(c23, tiles, row + 32, column + 24, pitchOfTiles);
        context.mmaStore(c24, tiles, row + 32, column + 32, pitchOfTiles);
        context.mmaStore(c25, tiles, row + 32, column + 40, pitchOfTiles);
        context.mmaStore(c26, tiles, row + 32, column + 48, pitchOfTiles);
        context.mmaStore(c27, tiles, row + 32, column + 56, pitchOfTiles);
        context.mmaStore(c30, tiles, row + 48, column, pitchOfTiles);
        context.mmaStore(c31, tiles, row + 48, column + 8, pitchOfTiles);
        context.mmaStore(c32, tiles, row + 48, column + 16, pitchOfTiles);
        context.mmaStore(c33, tiles, row + 48, column + 24, pitchOfTiles);
        context.mmaStore(c34, tiles, row + 48, column + 32, pitchOfTiles);
        context.mmaStore(c35, tiles, row + 48, column + 40, pitchOfTiles);
        context.mmaStore(c36, tiles, row + 48, column + 48, pitchOfTiles);
        context.mmaStore(c37, tiles, row + 48, column + 56, pitchOfTiles);
        context.localBarrier();
        int columnHere = firstColumn + thread;
        // Several loads on their way at once.
        for (int start = 0; start < rows && columnHere < n; start += ROWS_MOVED) {
          for (int i = 0; i < ROWS_MOVED; i++) {
            int from = block * MmaTile.ROWS + Math.min(start + i, rows - 1);
            moved[i] = tiles.get(from * pitchOfTiles + columnHere);
          }
          for (int i = 0; i < ROWS_MOVED; i++) {
            if (start + i < rows) {
              y.set((firstRow + start + i) * n + columnHere, moved[i]);
            }
          }
        }
      }
    }
  }
}
