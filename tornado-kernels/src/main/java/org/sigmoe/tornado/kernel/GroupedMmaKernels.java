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

  /** The result is y, in f32. */
  static final int EXACT = 0;

  /** The result is y rounded to bf16. */
  static final int ROUNDED = 1;

  /** The result is y where it is positive and else 0, rounded to bf16. */
  static final int RELU = 2;

  /** The result has padded rows, rounded to bf16. */
  static final int PADDED = 3;

  /** Rows that threads move at once from a tile to the result. */
  private static final int ROWS_MOVED = 16;

  private static final int ALL_ROWS_MOVED = MmaTile.THREADS / MmaTile.COLUMNS * ROWS_MOVED;

  /**
   * y[s] = a[sources[p]] m[e], for each padded row p of {@link PaddedRowKernels} with blocks of
   * {@value MmaTile#ROWS} rows, s the sorted row that it is and e the group of its block; or what
   * else {@code form} says.
   *
   * <p>Rows of matrices begin at multiples of four elements. A work group of {@value
   * MmaTile#THREADS} threads for each tile of {@link MmaTile} with {@value MmaTile#COLUMNS}
   * columns.
   *
   * @param a [.., terms], with zeros from there to the next multiple of {@value MmaTile#STEP}
   * @param m [groups, terms, n]
   * @param sources i32[padded rows]
   * @param blocks of {@link PaddedRowKernels#layOut}
   * @param tiles [padded rows, n rounded up to a multiple of {@value MmaTile#COLUMNS}], scratch
   *     memory if {@code form} is {@link #EXACT}
   * @param y [rows, n] if {@code form} is {@link #EXACT}
   * @param rounded bf16[rows or padded rows, pitch] if it is another; with zeros beyond column n
   * @param pitchA elements from one row of a to the next
   * @param pitchM elements from one row of m to the next
   * @param pitch elements from one row of {@code rounded} to the next, a multiple of 16
   * @param form {@link #EXACT}, {@link #ROUNDED}, {@link #RELU} or {@link #PADDED}
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
    int[] tileB = context.allocateIntLocalArray(MmaTile.STAGES * MmaTile.PAIRS_B);
    int[] rowsOfA = new int[MmaTile.LOADS_A];
    float[] moved = new float[ROWS_MOVED];
    long[] nextA = new long[MmaTile.LOADS_A];
    long[] nextB = new long[MmaTile.LOADS_B];
    int[] own = new int[FragmentSums.LENGTH];

    int thread = context.localIdx;
    Object hidden = FragmentSums.hidden(thread, own, rounded);
    // Threads get adjacent sums to round, but whole fragments to store as they are.
    boolean byParity = form != EXACT;
    int storedA = MmaTile.storedA(thread);
    int firstB = MmaTile.storedB(thread, 0, byParity);
    int secondB = MmaTile.storedB(thread, 1, byParity);
    int columnTiles = (n + MmaTile.COLUMNS - 1) / MmaTile.COLUMNS;
    int firstColumn = (context.groupIdx % columnTiles) * MmaTile.COLUMNS;
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
      int firstOfB = Math.min(firstColumn + MmaTile.loadedColumnB(thread), pitchM - 4);
      int columnOfB = group * terms * quadsOfRow + firstOfB / 4;
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        // Rows beyond m's meet zeros of a: any row will do.
        int term = Math.min(MmaTile.loadedTermB(thread, i), terms - 1);
        nextB[i] = m.get(columnOfB + term * quadsOfRow);
      }
      for (int i = 0; i < MmaTile.LOADS_A; i++) {
        int at = i * MmaTile.NEXT_PAIR_A;
        tileA[storedA + at] = (int) nextA[i];
        tileA[storedA + at + 1] = (int) (nextA[i] >> 32);
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        int at = i * MmaTile.NEXT_PAIR_B;
        tileB[firstB + at] = MmaTile.firstPair(thread, nextB[i]);
        tileB[secondB + at] = MmaTile.secondPair(thread, nextB[i]);
      }
      int second = Math.min(1, steps - 1);
      for (int i = 0; i < MmaTile.LOADS_A; i++) {
        nextA[i] = a.get(rowsOfA[i] + second * (MmaTile.STEP / 4));
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        int term = second * MmaTile.STEP + MmaTile.loadedTermB(thread, i);
        nextB[i] = m.get(columnOfB + Math.min(term, terms - 1) * quadsOfRow);
      }
      context.localBarrier();

      // By rows and columns. TornadoVM compiles no arrays of fragments.
      float[] c00 = context.mmaFragment(0f);
      float[] c01 = context.mmaFragment(0f);
      float[] c02 = context.mmaFragment(0f);
      float[] c03 = context.mmaFragment(0f);
      float[] c10 = context.mmaFragment(0f);
      float[] c11 = context.mmaFragment(0f);
      float[] c12 = context.mmaFragment(0f);
      float[] c13 = context.mmaFragment(0f);
      float[] c20 = context.mmaFragment(0f);
      float[] c21 = context.mmaFragment(0f);
      float[] c22 = context.mmaFragment(0f);
      float[] c23 = context.mmaFragment(0f);
      float[] c30 = context.mmaFragment(0f);
      float[] c31 = context.mmaFragment(0f);
      float[] c32 = context.mmaFragment(0f);
      float[] c33 = context.mmaFragment(0f);

      for (int step = 0; step < steps; step++) {
        int stage = step % MmaTile.STAGES;
        int fromB = stage * MmaTile.PAIRS_B * 4;
        for (int half = 0; half < 2; half++) {
          int fromA = stage * MmaTile.PAIRS_A * 4 + MmaTile.fragmentA(thread, half);
          HalfFloat[] a0 = context.mmaLoadA(tileA, 16, fromA);
          HalfFloat[] a1 = context.mmaLoadA(tileA, 16, fromA + MmaTile.NEXT_ROWS);
          HalfFloat[] a2 = context.mmaLoadA(tileA, 16, fromA + 2 * MmaTile.NEXT_ROWS);
          HalfFloat[] a3 = context.mmaLoadA(tileA, 16, fromA + 3 * MmaTile.NEXT_ROWS);
          HalfFloat[] b0 = context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 0));
          c00 = context.mmaBF16(a0, b0, c00, MMAShape.M16N8K16);
          c10 = context.mmaBF16(a1, b0, c10, MMAShape.M16N8K16);
          c20 = context.mmaBF16(a2, b0, c20, MMAShape.M16N8K16);
          c30 = context.mmaBF16(a3, b0, c30, MMAShape.M16N8K16);
          HalfFloat[] b1 = context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 1));
          c01 = context.mmaBF16(a0, b1, c01, MMAShape.M16N8K16);
          c11 = context.mmaBF16(a1, b1, c11, MMAShape.M16N8K16);
          c21 = context.mmaBF16(a2, b1, c21, MMAShape.M16N8K16);
          c31 = context.mmaBF16(a3, b1, c31, MMAShape.M16N8K16);
          HalfFloat[] b2 = context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 2));
          c02 = context.mmaBF16(a0, b2, c02, MMAShape.M16N8K16);
          c12 = context.mmaBF16(a1, b2, c12, MMAShape.M16N8K16);
          c22 = context.mmaBF16(a2, b2, c22, MMAShape.M16N8K16);
          c32 = context.mmaBF16(a3, b2, c32, MMAShape.M16N8K16);
          HalfFloat[] b3 = context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 3));
          c03 = context.mmaBF16(a0, b3, c03, MMAShape.M16N8K16);
          c13 = context.mmaBF16(a1, b3, c13, MMAShape.M16N8K16);
          c23 = context.mmaBF16(a2, b3, c23, MMAShape.M16N8K16);
          c33 = context.mmaBF16(a3, b3, c33, MMAShape.M16N8K16);
        }
        int intoA = (1 - stage) * MmaTile.PAIRS_A;
        int intoB = (1 - stage) * MmaTile.PAIRS_B;
        for (int i = 0; i < MmaTile.LOADS_A; i++) {
          int at = intoA + i * MmaTile.NEXT_PAIR_A;
          tileA[storedA + at] = (int) nextA[i];
          tileA[storedA + at + 1] = (int) (nextA[i] >> 32);
        }
        for (int i = 0; i < MmaTile.LOADS_B; i++) {
          int at = intoB + i * MmaTile.NEXT_PAIR_B;
          tileB[firstB + at] = MmaTile.firstPair(thread, nextB[i]);
          tileB[secondB + at] = MmaTile.secondPair(thread, nextB[i]);
        }
        // What comes after the next step; in the end for nobody. Before the barrier, because the
        // compiler would delay loads until the next step's end.
        int ahead = Math.min(step + 2, steps - 1);
        for (int i = 0; i < MmaTile.LOADS_A; i++) {
          nextA[i] = a.get(rowsOfA[i] + ahead * (MmaTile.STEP / 4));
        }
        for (int i = 0; i < MmaTile.LOADS_B; i++) {
          int term = ahead * MmaTile.STEP + MmaTile.loadedTermB(thread, i);
          nextB[i] = m.get(columnOfB + Math.min(term, terms - 1) * quadsOfRow);
        }
        context.localBarrier();
      }
      int row = block * MmaTile.ROWS + MmaTile.warpRow(thread);
      int column = firstColumn + MmaTile.warpColumn(thread);
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
      } else if (rows == MmaTile.ROWS && n % MmaTile.COLUMNS == 0) {
        row = firstRow + MmaTile.warpRow(thread);
        context.mmaStore(c00, y, row, column, n);
        context.mmaStore(c01, y, row, column + 8, n);
        context.mmaStore(c02, y, row, column + 16, n);
        context.mmaStore(c03, y, row, column + 24, n);
        context.mmaStore(c10, y, row + 16, column, n);
        context.mmaStore(c11, y, row + 16, column + 8, n);
        context.mmaStore(c12, y, row + 16, column + 16, n);
        context.mmaStore(c13, y, row + 16, column + 24, n);
        context.mmaStore(c20, y, row + 32, column, n);
        context.mmaStore(c21, y, row + 32, column + 8, n);
        context.mmaStore(c22, y, row + 32, column + 16, n);
        context.mmaStore(c23, y, row + 32, column + 24, n);
        context.mmaStore(c30, y, row + 48, column, n);
        context.mmaStore(c31, y, row + 48, column + 8, n);
        context.mmaStore(c32, y, row + 48, column + 16, n);
        context.mmaStore(c33, y, row + 48, column + 24, n);
      } else {
        int pitchOfTiles = columnTiles * MmaTile.COLUMNS;
        context.mmaStore(c00, tiles, row, column, pitchOfTiles);
        context.mmaStore(c01, tiles, row, column + 8, pitchOfTiles);
        context.mmaStore(c02, tiles, row, column + 16, pitchOfTiles);
        context.mmaStore(c03, tiles, row, column + 24, pitchOfTiles);
        context.mmaStore(c10, tiles, row + 16, column, pitchOfTiles);
        context.mmaStore(c11, tiles, row + 16, column + 8, pitchOfTiles);
        context.mmaStore(c12, tiles, row + 16, column + 16, pitchOfTiles);
        context.mmaStore(c13, tiles, row + 16, column + 24, pitchOfTiles);
        context.mmaStore(c20, tiles, row + 32, column, pitchOfTiles);
        context.mmaStore(c21, tiles, row + 32, column + 8, pitchOfTiles);
        context.mmaStore(c22, tiles, row + 32, column + 16, pitchOfTiles);
        context.mmaStore(c23, tiles, row + 32, column + 24, pitchOfTiles);
        context.mmaStore(c30, tiles, row + 48, column, pitchOfTiles);
        context.mmaStore(c31, tiles, row + 48, column + 8, pitchOfTiles);
        context.mmaStore(c32, tiles, row + 48, column + 16, pitchOfTiles);
        context.mmaStore(c33, tiles, row + 48, column + 24, pitchOfTiles);
        context.localBarrier();
        int columnHere = firstColumn + thread % MmaTile.COLUMNS;
        int firstMoved = thread / MmaTile.COLUMNS * ROWS_MOVED;
        // Several loads on their way at once.
        for (int start = firstMoved; start < rows && columnHere < n; start += ALL_ROWS_MOVED) {
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
