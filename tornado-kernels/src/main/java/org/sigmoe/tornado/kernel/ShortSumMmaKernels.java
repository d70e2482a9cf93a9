package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Products of rows with the matrix of the group that each row belongs to, as {@link
 * GroupedMmaKernels}, for sums of at most {@value #MOST_TERMS} terms and results with many columns:
 * what a mixture's experts give back. A block of rows stays in local memory while the matrix'
 * columns go by. CUDA only.
 */
public final class ShortSumMmaKernels {
  private ShortSumMmaKernels() {}

  /** Columns of a tile. */
  static final int COLUMNS = 64;

  /** Longest sums: of {@value #MOST_STEPS} steps. */
  static final int MOST_TERMS = 128;

  private static final int MOST_STEPS = MOST_TERMS / MmaTile.STEP;

  /**
   * tiles[p] = a[sources[p]] m[e], as {@link GroupedMmaKernels#product}. A work group of {@value
   * MmaTile#THREADS} threads for {@code tilesOfBlock} tiles of {@value #COLUMNS} columns beside
   * each other, or what is left of them.
   *
   * @param tiles [padded rows, pitch]
   * @param pitch columns of all tiles, a multiple of {@value #COLUMNS}
   */
  public static void product(
      KernelContext context,
      LongArray a,
      LongArray m,
      IntArray sources,
      IntArray blocks,
      FloatArray tiles,
      int pitchA,
      int pitchM,
      int terms,
      int pitch,
      int tilesOfBlock) {
    // Local arrays are indexed only in this method: in a helper they are addressed wrongly.
    int[] tileA = context.allocateIntLocalArray(MOST_STEPS * MmaTile.PAIRS_A);
    int[] tileB = context.allocateIntLocalArray(MmaTile.STAGES * MmaTile.pairsB(COLUMNS));
    long[] nextA = new long[MmaTile.LOADS_A];
    long[] nextB = new long[MmaTile.loadsB(COLUMNS)];

    int thread = context.localIdx;
    int firstA = MmaTile.storedA(thread, 0);
    int secondA = MmaTile.storedA(thread, 1);
    int firstB = MmaTile.storedB(thread, 0, COLUMNS);
    int secondB = MmaTile.storedB(thread, 1, COLUMNS);
    int allTiles = pitch / COLUMNS;
    int parts = (allTiles + tilesOfBlock - 1) / tilesOfBlock;
    int firstTile = (context.groupIdx % parts) * tilesOfBlock;
    int firstColumn = firstTile * COLUMNS;
    int block = context.groupIdx / parts;
    int group = blocks.get(block * PaddedRowKernels.FIELDS);
    int rows = blocks.get(block * PaddedRowKernels.FIELDS + 2);
    int stepsOfTile = (terms + MmaTile.STEP - 1) / MmaTile.STEP;
    // A block without rows takes no steps. No constant, so that the loop over steps stays one.
    int steps = rows > 0 ? stepsOfTile : 0;
    int ownTiles = rows > 0 ? Math.min(tilesOfBlock, allTiles - firstTile) : 0;
    int allSteps = ownTiles * steps;
    int quadsOfRow = pitchM / 4;
    int baseM = group * terms * quadsOfRow;
    if (rows > 0) {
      for (int i = 0; i < MmaTile.loadsB(COLUMNS); i++) {
        int column = firstColumn + MmaTile.loadedColumnB(thread, i, COLUMNS);
        // Rows beyond m's meet zeros of a: any row will do.
        int term = Math.min(MmaTile.loadedTermB(thread, i, COLUMNS), terms - 1);
        nextB[i] = m.get(baseM + term * quadsOfRow + Math.min(column, pitchM - 4) / 4);
      }
      for (int step = 0; step < steps; step++) {
        for (int i = 0; i < MmaTile.LOADS_A; i++) {
          int row = sources.get(block * MmaTile.ROWS + MmaTile.loadedRowA(thread, i));
          int term = step * MmaTile.STEP + MmaTile.loadedTermA(thread);
          nextA[i] = a.get((row * pitchA + term) / 4);
        }
        for (int i = 0; i < MmaTile.LOADS_A; i++) {
          int at = step * MmaTile.PAIRS_A + i * MmaTile.NEXT_PAIR_A;
          tileA[firstA + at] = MmaTile.firstPair(thread, nextA[i]);
          tileA[secondA + at] = MmaTile.secondPair(thread, nextA[i]);
        }
      }
      for (int i = 0; i < MmaTile.loadsB(COLUMNS); i++) {
        int at = MmaTile.nextPairB(i, COLUMNS);
        tileB[firstB + at] = MmaTile.firstPair(thread, nextB[i]);
        tileB[secondB + at] = MmaTile.secondPair(thread, nextB[i]);
      }
      context.localBarrier();
    }
    int row = block * MmaTile.ROWS + MmaTile.warpRow(thread);
    for (int tile = 0; tile < ownTiles; tile++) {
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
        // What comes next, from global memory to registers; the last time for nobody.
        int ahead = Math.min(tile * steps + step + 1, allSteps - 1);
        int tileAhead = ahead / stepsOfTile;
        int termAhead = (ahead - tileAhead * stepsOfTile) * MmaTile.STEP;
        for (int i = 0; i < MmaTile.loadsB(COLUMNS); i++) {
          int column =
              firstColumn + tileAhead * COLUMNS + MmaTile.loadedColumnB(thread, i, COLUMNS);
          int term = Math.min(termAhead + MmaTile.loadedTermB(thread, i, COLUMNS), terms - 1);
          nextB[i] = m.get(baseM + term * quadsOfRow + Math.min(column, pitchM - 4) / 4);
        }
        int stage = (tile * steps + step) % MmaTile.STAGES;
        int fromB = stage * MmaTile.pairsB(COLUMNS) * 4;
        for (int half = 0; half < 2; half++) {
          int fromA = step * MmaTile.PAIRS_A * 4 + MmaTile.fragmentA(thread, half);
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
        }
        int intoB = (1 - stage) * MmaTile.pairsB(COLUMNS);
        for (int i = 0; i < MmaTile.loadsB(COLUMNS); i++) {
          int at = intoB + MmaTile.nextPairB(i, COLUMNS);
          tileB[firstB + at] = MmaTile.firstPair(thread, nextB[i]);
          tileB[secondB + at] = MmaTile.secondPair(thread, nextB[i]);
        }
        context.localBarrier();
      }
      int column = firstColumn + tile * COLUMNS + MmaTile.warpColumn(thread, COLUMNS);
      // Of 64 rows those strips of 16 that have any: stores of fragments bound this kernel.
      if (MmaTile.warpRow(thread) < rows) {
        context.mmaStore(c00, tiles, row, column, pitch);
        context.mmaStore(c01, tiles, row, column + 8, pitch);
        context.mmaStore(c02, tiles, row, column + 16, pitch);
        context.mmaStore(c03, tiles, row, column + 24, pitch);
      }
      if (MmaTile.warpRow(thread) + 16 < rows) {
        context.mmaStore(c10, tiles, row + 16, column, pitch);
        context.mmaStore(c11, tiles, row + 16, column + 8, pitch);
        context.mmaStore(c12, tiles, row + 16, column + 16, pitch);
        context.mmaStore(c13, tiles, row + 16, column + 24, pitch);
      }
      if (MmaTile.warpRow(thread) + 32 < rows) {
        context.mmaStore(c20, tiles, row + 32, column, pitch);
        context.mmaStore(c21, tiles, row + 32, column + 8, pitch);
        context.mmaStore(c22, tiles, row + 32, column + 16, pitch);
        context.mmaStore(c23, tiles, row + 32, column + 24, pitch);
      }
      if (MmaTile.warpRow(thread) + 48 < rows) {
        context.mmaStore(c30, tiles, row + 48, column, pitch);
        context.mmaStore(c31, tiles, row + 48, column + 8, pitch);
        context.mmaStore(c32, tiles, row + 48, column + 16, pitch);
        context.mmaStore(c33, tiles, row + 48, column + 24, pitch);
      }
    }
  }
}
