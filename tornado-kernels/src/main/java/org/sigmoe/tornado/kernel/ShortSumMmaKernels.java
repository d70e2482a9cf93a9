package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Products of rows with the matrix of the group that each row belongs to, as {@link
 * GroupedMmaKernels}, for sums of at most {@value ShortSumTile#MOST_TERMS} terms and results with
 * many columns: what a mixture's experts give back. A block of rows stays in registers while the
 * matrix' columns go by. CUDA only.
 */
public final class ShortSumMmaKernels {
  private ShortSumMmaKernels() {}

  /**
   * products[p] = a[sources[p]] m[e], as {@link GroupedMmaKernels#product}, rounded to bf16. A work
   * group of {@value ShortSumTile#THREADS} threads for {@code tilesOfBlock} tiles of {@value
   * ShortSumTile#COLUMNS} columns beside each other, or what is left of them.
   *
   * @param products bf16[padded rows, pitch]
   * @param pitch columns of all tiles, a multiple of {@value ShortSumTile#COLUMNS}
   */
  public static void product(
      KernelContext context,
      LongArray a,
      LongArray m,
      IntArray sources,
      IntArray blocks,
      LongArray products,
      int pitchA,
      int pitchM,
      int terms,
      int pitch,
      int tilesOfBlock) {
    // Local arrays are indexed only in this method: in a helper they are addressed wrongly.
    int[] tile = context.allocateIntLocalArray(2 * ShortSumTile.PAIRS_B);
    int[] own = new int[FragmentSums.LENGTH];
    long[] firstA = new long[ShortSumTile.LOADS_A];
    long[] firstB = new long[2 * ShortSumTile.LOADS_B];
    long[] next = new long[ShortSumTile.LOADS_B];

    int thread = context.localIdx;
    Object hidden = FragmentSums.hidden(thread, own, products);
    int allTiles = pitch / ShortSumTile.COLUMNS;
    int parts = (allTiles + tilesOfBlock - 1) / tilesOfBlock;
    int firstTile = (context.groupIdx % parts) * tilesOfBlock;
    int block = context.groupIdx / parts;
    int group = blocks.get(block * PaddedRowKernels.FIELDS);
    int rows = blocks.get(block * PaddedRowKernels.FIELDS + 2);
    int steps = (terms + ShortSumTile.STEP - 1) / ShortSumTile.STEP;
    int quadsOfRow = pitchM / 4;
    int firstColumn = firstTile * ShortSumTile.COLUMNS + ShortSumTile.loadedColumnB(thread);
    int baseM = group * terms * quadsOfRow;
    if (rows > 0) {
      int tiles = Math.min(tilesOfBlock, allTiles - firstTile);
      // All loads on their way before the first store.
      if (ShortSumTile.loadedTermA(thread) < steps * ShortSumTile.STEP) {
        for (int i = 0; i < ShortSumTile.LOADS_A; i++) {
          int row = sources.get(block * ShortSumTile.ROWS + ShortSumTile.loadedRowA(thread, i));
          firstA[i] = a.get((row * pitchA + ShortSumTile.loadedTermA(thread)) / 4);
        }
      }
      for (int i = 0; i < 2 * ShortSumTile.LOADS_B; i++) {
        // Terms beyond m's meet zeros of a: any will do.
        int term = Math.min(ShortSumTile.loadedTermB(thread, i), terms - 1);
        firstB[i] = m.get(baseM + term * quadsOfRow + Math.min(firstColumn, pitchM - 4) / 4);
      }
      if (ShortSumTile.loadedTermA(thread) < steps * ShortSumTile.STEP) {
        for (int i = 0; i < ShortSumTile.LOADS_A; i++) {
          int at = ShortSumTile.storedA(thread, i);
          tile[at] = (int) firstA[i];
          tile[at + 1] = (int) (firstA[i] >> 32);
        }
      }
      context.localBarrier();
      // By rows and terms. TornadoVM compiles no arrays of fragments.
      HalfFloat[] a00 =
          context.mmaLoadA(tile, 16, ShortSumTile.fragmentA(thread, 0 * ShortSumTile.STEP));
      HalfFloat[] a10 =
          context.mmaLoadA(
              tile,
              16,
              ShortSumTile.fragmentA(thread, 0 * ShortSumTile.STEP) + ShortSumTile.NEXT_ROWS_A);
      HalfFloat[] a01 =
          context.mmaLoadA(tile, 16, ShortSumTile.fragmentA(thread, 1 * ShortSumTile.STEP));
      HalfFloat[] a11 =
          context.mmaLoadA(
              tile,
              16,
              ShortSumTile.fragmentA(thread, 1 * ShortSumTile.STEP) + ShortSumTile.NEXT_ROWS_A);
      HalfFloat[] a02 =
          context.mmaLoadA(tile, 16, ShortSumTile.fragmentA(thread, 2 * ShortSumTile.STEP));
      HalfFloat[] a12 =
          context.mmaLoadA(
              tile,
              16,
              ShortSumTile.fragmentA(thread, 2 * ShortSumTile.STEP) + ShortSumTile.NEXT_ROWS_A);
      HalfFloat[] a03 =
          context.mmaLoadA(tile, 16, ShortSumTile.fragmentA(thread, 3 * ShortSumTile.STEP));
      HalfFloat[] a13 =
          context.mmaLoadA(
              tile,
              16,
              ShortSumTile.fragmentA(thread, 3 * ShortSumTile.STEP) + ShortSumTile.NEXT_ROWS_A);
      HalfFloat[] a04 =
          context.mmaLoadA(tile, 16, ShortSumTile.fragmentA(thread, 4 * ShortSumTile.STEP));
      HalfFloat[] a14 =
          context.mmaLoadA(
              tile,
              16,
              ShortSumTile.fragmentA(thread, 4 * ShortSumTile.STEP) + ShortSumTile.NEXT_ROWS_A);
      HalfFloat[] a05 =
          context.mmaLoadA(tile, 16, ShortSumTile.fragmentA(thread, 5 * ShortSumTile.STEP));
      HalfFloat[] a15 =
          context.mmaLoadA(
              tile,
              16,
              ShortSumTile.fragmentA(thread, 5 * ShortSumTile.STEP) + ShortSumTile.NEXT_ROWS_A);
      HalfFloat[] a06 =
          context.mmaLoadA(tile, 16, ShortSumTile.fragmentA(thread, 6 * ShortSumTile.STEP));
      HalfFloat[] a16 =
          context.mmaLoadA(
              tile,
              16,
              ShortSumTile.fragmentA(thread, 6 * ShortSumTile.STEP) + ShortSumTile.NEXT_ROWS_A);
      HalfFloat[] a07 =
          context.mmaLoadA(tile, 16, ShortSumTile.fragmentA(thread, 7 * ShortSumTile.STEP));
      HalfFloat[] a17 =
          context.mmaLoadA(
              tile,
              16,
              ShortSumTile.fragmentA(thread, 7 * ShortSumTile.STEP) + ShortSumTile.NEXT_ROWS_A);

      context.localBarrier();
      int storedB = ShortSumTile.storedB(thread);
      for (int i = 0; i < 2 * ShortSumTile.LOADS_B; i++) {
        int at = storedB + i * ShortSumTile.NEXT_PAIR_B;
        tile[at] = (int) firstB[i];
        tile[at + ShortSumTile.SECOND_PAIR_B] = (int) (firstB[i] >> 32);
      }
      context.localBarrier();
      int lane = thread & 31;
      int row = block * ShortSumTile.ROWS + ShortSumTile.warpRow(thread) + (lane >> 2);
      int to = (row * pitch + firstTile * ShortSumTile.COLUMNS) / 4 + (lane & 3);
      int down = 8 * pitch / 4;
      for (int t = 0; t < tiles; t++) {
        int stage = t & 1;
        // What comes next; the last time for nobody.
        int ahead = firstColumn + Math.min(t + 1, tiles - 1) * ShortSumTile.COLUMNS;
        int columnAhead = baseM + Math.min(ahead, pitchM - 4) / 4;
        for (int half = 0; half < 2; half++) {
          for (int i = 0; i < ShortSumTile.LOADS_B; i++) {
            int term =
                Math.min(
                    ShortSumTile.loadedTermB(thread, half * ShortSumTile.LOADS_B + i), terms - 1);
            next[i] = m.get(columnAhead + term * quadsOfRow);
          }
          if (ShortSumTile.warpRow(thread) < rows) {
            for (int part = 2 * half; part < 2 * half + 2; part++) {
              int from =
                  ShortSumTile.fragmentB(thread) + stage * (ShortSumTile.PAIRS_B * 4) + part * 32;
              float[] c00 = context.mmaFragment(0f);
              float[] c01 = context.mmaFragment(0f);
              float[] c10 = context.mmaFragment(0f);
              float[] c11 = context.mmaFragment(0f);
              HalfFloat[] b00 = context.mmaLoadB(tile, 16, from + 0 * ShortSumTile.NEXT_TERMS_B);
              HalfFloat[] b01 =
                  context.mmaLoadB(tile, 16, from + 0 * ShortSumTile.NEXT_TERMS_B + 16);
              c00 = context.mmaBF16(a00, b00, c00, MMAShape.M16N8K16);
              c10 = context.mmaBF16(a10, b00, c10, MMAShape.M16N8K16);
              c01 = context.mmaBF16(a00, b01, c01, MMAShape.M16N8K16);
              c11 = context.mmaBF16(a10, b01, c11, MMAShape.M16N8K16);
              if (steps > 1) {
                HalfFloat[] b10 = context.mmaLoadB(tile, 16, from + 1 * ShortSumTile.NEXT_TERMS_B);
                HalfFloat[] b11 =
                    context.mmaLoadB(tile, 16, from + 1 * ShortSumTile.NEXT_TERMS_B + 16);
                c00 = context.mmaBF16(a01, b10, c00, MMAShape.M16N8K16);
                c10 = context.mmaBF16(a11, b10, c10, MMAShape.M16N8K16);
                c01 = context.mmaBF16(a01, b11, c01, MMAShape.M16N8K16);
                c11 = context.mmaBF16(a11, b11, c11, MMAShape.M16N8K16);
              }
              if (steps > 2) {
                HalfFloat[] b20 = context.mmaLoadB(tile, 16, from + 2 * ShortSumTile.NEXT_TERMS_B);
                HalfFloat[] b21 =
                    context.mmaLoadB(tile, 16, from + 2 * ShortSumTile.NEXT_TERMS_B + 16);
                c00 = context.mmaBF16(a02, b20, c00, MMAShape.M16N8K16);
                c10 = context.mmaBF16(a12, b20, c10, MMAShape.M16N8K16);
                c01 = context.mmaBF16(a02, b21, c01, MMAShape.M16N8K16);
                c11 = context.mmaBF16(a12, b21, c11, MMAShape.M16N8K16);
              }
              if (steps > 3) {
                HalfFloat[] b30 = context.mmaLoadB(tile, 16, from + 3 * ShortSumTile.NEXT_TERMS_B);
                HalfFloat[] b31 =
                    context.mmaLoadB(tile, 16, from + 3 * ShortSumTile.NEXT_TERMS_B + 16);
                c00 = context.mmaBF16(a03, b30, c00, MMAShape.M16N8K16);
                c10 = context.mmaBF16(a13, b30, c10, MMAShape.M16N8K16);
                c01 = context.mmaBF16(a03, b31, c01, MMAShape.M16N8K16);
                c11 = context.mmaBF16(a13, b31, c11, MMAShape.M16N8K16);
              }
              if (steps > 4) {
                HalfFloat[] b40 = context.mmaLoadB(tile, 16, from + 4 * ShortSumTile.NEXT_TERMS_B);
                HalfFloat[] b41 =
                    context.mmaLoadB(tile, 16, from + 4 * ShortSumTile.NEXT_TERMS_B + 16);
                c00 = context.mmaBF16(a04, b40, c00, MMAShape.M16N8K16);
                c10 = context.mmaBF16(a14, b40, c10, MMAShape.M16N8K16);
                c01 = context.mmaBF16(a04, b41, c01, MMAShape.M16N8K16);
                c11 = context.mmaBF16(a14, b41, c11, MMAShape.M16N8K16);
              }
              if (steps > 5) {
                HalfFloat[] b50 = context.mmaLoadB(tile, 16, from + 5 * ShortSumTile.NEXT_TERMS_B);
                HalfFloat[] b51 =
                    context.mmaLoadB(tile, 16, from + 5 * ShortSumTile.NEXT_TERMS_B + 16);
                c00 = context.mmaBF16(a05, b50, c00, MMAShape.M16N8K16);
                c10 = context.mmaBF16(a15, b50, c10, MMAShape.M16N8K16);
                c01 = context.mmaBF16(a05, b51, c01, MMAShape.M16N8K16);
                c11 = context.mmaBF16(a15, b51, c11, MMAShape.M16N8K16);
              }
              if (steps > 6) {
                HalfFloat[] b60 = context.mmaLoadB(tile, 16, from + 6 * ShortSumTile.NEXT_TERMS_B);
                HalfFloat[] b61 =
                    context.mmaLoadB(tile, 16, from + 6 * ShortSumTile.NEXT_TERMS_B + 16);
                c00 = context.mmaBF16(a06, b60, c00, MMAShape.M16N8K16);
                c10 = context.mmaBF16(a16, b60, c10, MMAShape.M16N8K16);
                c01 = context.mmaBF16(a06, b61, c01, MMAShape.M16N8K16);
                c11 = context.mmaBF16(a16, b61, c11, MMAShape.M16N8K16);
              }
              if (steps > 7) {
                HalfFloat[] b70 = context.mmaLoadB(tile, 16, from + 7 * ShortSumTile.NEXT_TERMS_B);
                HalfFloat[] b71 =
                    context.mmaLoadB(tile, 16, from + 7 * ShortSumTile.NEXT_TERMS_B + 16);
                c00 = context.mmaBF16(a07, b70, c00, MMAShape.M16N8K16);
                c10 = context.mmaBF16(a17, b70, c10, MMAShape.M16N8K16);
                c01 = context.mmaBF16(a07, b71, c01, MMAShape.M16N8K16);
                c11 = context.mmaBF16(a17, b71, c11, MMAShape.M16N8K16);
              }

              int quad = to + t * (ShortSumTile.COLUMNS / 4) + part * 4;
              FragmentSums.storeRounded(
                  context, c00, c01, own, hidden, products, quad, down, 16, false);
              FragmentSums.storeRounded(
                  context, c10, c11, own, hidden, products, quad + 2 * down, down, 16, false);
            }
          }
          int into = storedB + (1 - stage) * ShortSumTile.PAIRS_B;
          for (int i = 0; i < ShortSumTile.LOADS_B; i++) {
            int at = into + (half * ShortSumTile.LOADS_B + i) * ShortSumTile.NEXT_PAIR_B;
            tile[at] = (int) next[i];
            tile[at + ShortSumTile.SECOND_PAIR_B] = (int) (next[i] >> 32);
          }
        }
        context.localBarrier();
      }
    }
  }
}
