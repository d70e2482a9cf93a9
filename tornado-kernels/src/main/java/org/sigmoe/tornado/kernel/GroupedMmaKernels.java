package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Products of rows with the matrix of the group that each row belongs to, as {@link
 * GroupedMatMulKernels}, on tensor cores: bf16 operands, whose bits lie in {@link HalfFloatArray}s,
 * and f32 sums in an order fixed by the sizes. CUDA only. {@link GroupedMmaShape} puts the kernels
 * together.
 */
public final class GroupedMmaKernels {
  private GroupedMmaKernels() {}

  /**
   * tiles[p] = a[sources[p]] m[e], for each padded row p of {@link PaddedRowKernels} with blocks of
   * {@value MmaTile#ROWS} rows, e the group of p's block; and, if asked for, y[s] the same for each
   * sorted row s. What tiles has in gaps means nothing.
   *
   * <p>Matrices begin with an element that is a multiple of two, and their rows lie an even number
   * of elements apart. A work group of {@value MmaTile#THREADS} threads for each tile of {@link
   * MmaTile}.
   *
   * @param a [.., terms], with zeros from there to the next multiple of {@value MmaTile#STEP}
   * @param m [groups, terms, n]
   * @param sources i32[padded rows]
   * @param offsets i32[groups + 1]
   * @param tiles [padded rows, n rounded up to a multiple of {@value MmaTile#COLUMNS}]
   * @param y [rows, n]; not touched if {@code stored} is 0
   * @param firstA number of a's first element
   * @param firstM number of m's first element
   * @param pitchA elements from one row of a to the next
   * @param pitchM elements from one row of m to the next
   */
  public static void product(
      KernelContext context,
      HalfFloatArray a,
      HalfFloatArray m,
      IntArray sources,
      IntArray offsets,
      FloatArray tiles,
      FloatArray y,
      int firstA,
      int firstM,
      int pitchA,
      int pitchM,
      int terms,
      int n,
      int groups,
      int stored) {
    // Local arrays are named only in this method: handed to a helper they are addressed wrongly.
    int[] tileA = context.allocateIntLocalArray(MmaTile.STAGES * MmaTile.PAIRS_A);
    int[] tileB = context.allocateIntLocalArray(MmaTile.STAGES * MmaTile.PAIRS_B);
    int[] rowsOfA = new int[MmaTile.COPIES_A];

    int thread = context.localIdx;
    int columnTiles = (n + MmaTile.COLUMNS - 1) / MmaTile.COLUMNS;
    int firstColumn = (context.groupIdx % columnTiles) * MmaTile.COLUMNS;
    int block = context.groupIdx / columnTiles;
    int group = GroupSearch.ofBlock(offsets, groups, MmaTile.ROWS, block);
    int past = block - GroupSearch.firstBlock(offsets, group, MmaTile.ROWS);
    int firstRow = offsets.get(group) + past * MmaTile.ROWS;
    int endRow = offsets.get(group + 1);
    int lastStep = (terms + MmaTile.STEP - 1) / MmaTile.STEP - 1;
    // A block without rows takes no steps.
    int steps = firstRow < endRow ? lastStep + 1 : 0;
    for (int i = 0; i < MmaTile.COPIES_A; i++) {
      int row = block * MmaTile.ROWS + MmaTile.copiedRowA(thread, i);
      rowsOfA[i] = firstA + sources.get(row) * pitchA + MmaTile.copiedTermA(thread);
    }
    int columnOfB = Math.min(firstColumn + MmaTile.copiedColumnB(thread), pitchM - 2);
    int baseB = firstM + group * terms * pitchM + columnOfB;

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

    // Stages 0 and 1; then, in each step, the stage two ahead. Beyond the end the last one is
    // copied
    // again, where nobody reads it: a branch has no place beside fragments.
    for (int stage = 0; stage < MmaTile.STAGES - 1; stage++) {
      int ahead = Math.min(stage, lastStep);
      for (int i = 0; i < MmaTile.COPIES_A; i++) {
        int to = stage * MmaTile.PAIRS_A + MmaTile.copiedPairA(thread, i);
        context.asyncCopyToLocal(tileA, to, a, rowsOfA[i] + ahead * MmaTile.STEP);
      }
      for (int i = 0; i < MmaTile.COPIES_B; i++) {
        // Rows beyond m's meet zeros of a: any row will do.
        int term = Math.min(ahead * MmaTile.STEP + MmaTile.copiedTermB(thread, i), terms - 1);
        int to = stage * MmaTile.PAIRS_B + MmaTile.copiedPairB(thread, i);
        context.asyncCopyToLocal(tileB, to, m, baseB + term * pitchM);
      }
      context.asyncCopyCommit();
    }
    for (int step = 0; step < steps; step++) {
      context.asyncCopyWaitGroup(1);
      context.localBarrier();
      int ahead = Math.min(step + MmaTile.STAGES - 1, lastStep);
      int into = (step + MmaTile.STAGES - 1) % MmaTile.STAGES;
      for (int i = 0; i < MmaTile.COPIES_A; i++) {
        int to = into * MmaTile.PAIRS_A + MmaTile.copiedPairA(thread, i);
        context.asyncCopyToLocal(tileA, to, a, rowsOfA[i] + ahead * MmaTile.STEP);
      }
      for (int i = 0; i < MmaTile.COPIES_B; i++) {
        // Rows beyond m's meet zeros of a: any row will do.
        int term = Math.min(ahead * MmaTile.STEP + MmaTile.copiedTermB(thread, i), terms - 1);
        int to = into * MmaTile.PAIRS_B + MmaTile.copiedPairB(thread, i);
        context.asyncCopyToLocal(tileB, to, m, baseB + term * pitchM);
      }
      context.asyncCopyCommit();
      int stage = step % MmaTile.STAGES;
      int fromB = stage * MmaTile.PAIRS_B * 4;
      for (int half = 0; half < 2; half++) {
        int fromA = stage * MmaTile.PAIRS_A * 4 + MmaTile.fragmentA(thread, half);
        HalfFloat[] a0 = context.mmaLoadA(tileA, 16, fromA);
        HalfFloat[] a1 = context.mmaLoadA(tileA, 16, fromA + MmaTile.NEXT_ROWS);
        HalfFloat[] a2 = context.mmaLoadA(tileA, 16, fromA + 2 * MmaTile.NEXT_ROWS);
        HalfFloat[] a3 = context.mmaLoadA(tileA, 16, fromA + 3 * MmaTile.NEXT_ROWS);
        HalfFloat[] b0 = context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 0));
        HalfFloat[] b1 = context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 1));
        HalfFloat[] b2 = context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 2));
        HalfFloat[] b3 = context.mmaLoadB(tileB, 16, fromB + MmaTile.fragmentB(thread, half, 3));
        c00 = context.mmaBF16(a0, b0, c00, MMAShape.M16N8K16);
        c01 = context.mmaBF16(a0, b1, c01, MMAShape.M16N8K16);
        c02 = context.mmaBF16(a0, b2, c02, MMAShape.M16N8K16);
        c03 = context.mmaBF16(a0, b3, c03, MMAShape.M16N8K16);
        c10 = context.mmaBF16(a1, b0, c10, MMAShape.M16N8K16);
        c11 = context.mmaBF16(a1, b1, c11, MMAShape.M16N8K16);
        c12 = context.mmaBF16(a1, b2, c12, MMAShape.M16N8K16);
        c13 = context.mmaBF16(a1, b3, c13, MMAShape.M16N8K16);
        c20 = context.mmaBF16(a2, b0, c20, MMAShape.M16N8K16);
        c21 = context.mmaBF16(a2, b1, c21, MMAShape.M16N8K16);
        c22 = context.mmaBF16(a2, b2, c22, MMAShape.M16N8K16);
        c23 = context.mmaBF16(a2, b3, c23, MMAShape.M16N8K16);
        c30 = context.mmaBF16(a3, b0, c30, MMAShape.M16N8K16);
        c31 = context.mmaBF16(a3, b1, c31, MMAShape.M16N8K16);
        c32 = context.mmaBF16(a3, b2, c32, MMAShape.M16N8K16);
        c33 = context.mmaBF16(a3, b3, c33, MMAShape.M16N8K16);
      }
    }
    int pitch = columnTiles * MmaTile.COLUMNS;
    int row = block * MmaTile.ROWS + MmaTile.warpRow(thread);
    int column = firstColumn + MmaTile.warpColumn(thread);
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
    if (stored == 1) {
      context.localBarrier();
      int rowsHere = Math.min(endRow - firstRow, MmaTile.ROWS);
      int columnHere = firstColumn + thread % MmaTile.COLUMNS;
      if (columnHere < n) {
        for (int i = thread / MmaTile.COLUMNS;
            i < rowsHere;
            i += MmaTile.THREADS / MmaTile.COLUMNS) {
          float value = tiles.get((block * MmaTile.ROWS + i) * pitch + columnHere);
          y.set((firstRow + i) * n + columnHere, value);
        }
      }
    }
  }
}
