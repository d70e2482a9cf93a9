package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

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
      HalfFloatArray a,
      HalfFloatArray m,
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
    int[] rowsOfA = new int[MmaTile.COPIES_A];

    int thread = context.localIdx;
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
    for (int i = 0; i < MmaTile.COPIES_A; i++) {
      int row = block * MmaTile.ROWS + MmaTile.copiedRowA(thread, i);
      rowsOfA[i] = sources.get(row) * pitchA + MmaTile.copiedTermA(thread);
    }
    int baseM = group * terms * pitchM;
    for (int stage = 0; stage < steps; stage++) {
      for (int i = 0; i < MmaTile.COPIES_A; i++) {
        int to = stage * MmaTile.PAIRS_A + MmaTile.copiedPairA(thread, i);
        context.asyncCopyToLocal(tileA, to, a, rowsOfA[i] + stage * MmaTile.STEP);
      }
    }
    for (int stage = 0; stage < MmaTile.STAGES - 1; stage++) {
      if (stage < allSteps) {
        int term0 = stage % stepsOfTile * MmaTile.STEP;
        int column0 =
            firstColumn + stage / stepsOfTile * COLUMNS + MmaTile.copiedColumnB(thread, COLUMNS);
        int base = baseM + Math.min(column0, pitchM - 2);
        for (int i = 0; i < MmaTile.copiesB(COLUMNS); i++) {
          // Rows beyond m's meet zeros of a: any row will do.
          int term = Math.min(term0 + MmaTile.copiedTermB(thread, i, COLUMNS), terms - 1);
          int to = stage * MmaTile.pairsB(COLUMNS) + MmaTile.copiedPairB(thread, i, COLUMNS);
          context.asyncCopyToLocal(tileB, to, m, base + term * pitchM);
        }
      }
      context.asyncCopyCommit();
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
        context.asyncCopyWaitGroup(1);
        context.localBarrier();
        int ahead = tile * steps + step + MmaTile.STAGES - 1;
        if (ahead < allSteps) {
          int into = ahead % MmaTile.STAGES;
          int term0 = ahead % stepsOfTile * MmaTile.STEP;
          int column0 =
              firstColumn + ahead / stepsOfTile * COLUMNS + MmaTile.copiedColumnB(thread, COLUMNS);
          int base = baseM + Math.min(column0, pitchM - 2);
          for (int i = 0; i < MmaTile.copiesB(COLUMNS); i++) {
            // Rows beyond m's meet zeros of a: any row will do.
            int term = Math.min(term0 + MmaTile.copiedTermB(thread, i, COLUMNS), terms - 1);
            int to = into * MmaTile.pairsB(COLUMNS) + MmaTile.copiedPairB(thread, i, COLUMNS);
            context.asyncCopyToLocal(tileB, to, m, base + term * pitchM);
          }
        }
        context.asyncCopyCommit();
        int fromB = (tile * steps + step) % MmaTile.STAGES * MmaTile.pairsB(COLUMNS) * 4;
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
      }
      int column = firstColumn + tile * COLUMNS + MmaTile.warpColumn(thread, COLUMNS);
      context.mmaStore(c00, tiles, row, column, pitch);
      context.mmaStore(c01, tiles, row, column + 8, pitch);
      context.mmaStore(c02, tiles, row, column + 16, pitch);
      context.mmaStore(c03, tiles, row, column + 24, pitch);
      context.mmaStore(c10, tiles, row + 16, column, pitch);
      context.mmaStore(c11, tiles, row + 16, column + 8, pitch);
      context.mmaStore(c12, tiles, row + 16, column + 16, pitch);
      context.mmaStore(c13, tiles, row + 16, column + 24, pitch);
      context.mmaStore(c20, tiles, row + 32, column, pitch);
      context.mmaStore(c21, tiles, row + 32, column + 8, pitch);
      context.mmaStore(c22, tiles, row + 32, column + 16, pitch);
      context.mmaStore(c23, tiles, row + 32, column + 24, pitch);
      context.mmaStore(c30, tiles, row + 48, column, pitch);
      context.mmaStore(c31, tiles, row + 48, column + 8, pitch);
      context.mmaStore(c32, tiles, row + 48, column + 16, pitch);
      context.mmaStore(c33, tiles, row + 48, column + 24, pitch);
    }
  }
}
