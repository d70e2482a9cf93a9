package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * For each group the sum of outer products of its rows, as {@link GroupedOuterProductKernels}, on
 * tensor cores: bf16 operands, read four at a time, and f32 sums in an order fixed by the sizes and
 * offsets. CUDA only. {@link GroupedOuterMmaShape} puts the kernels together.
 */
public final class GroupedOuterMmaKernels {
  private GroupedOuterMmaKernels() {}

  /** Most rows of a chunk. */
  static final int LONGEST_CHUNK = 2048;

  /**
   * Sums of each chunk: tiles[q] = sum over its sorted rows s of a[row]^T b[row], where row is s
   * for one operand and order[s] / slots, the token, for the other, which is gathered. A chunk has
   * {@code chunk} rows of one group. What tiles has for a chunk without rows means nothing.
   *
   * <p>Rows of matrices begin at multiples of four elements. A work group of {@value
   * MmaTile#THREADS} threads for each tile of {@link MmaTile} of each chunk.
   *
   * @param a [.., m]
   * @param b [.., n]
   * @param order i32[rows]
   * @param offsets i32[groups + 1]
   * @param totals [groups, m, n]: where {@code direct} is 1 the sums of a group's only chunk
   * @param tiles [chunks, m rounded up to a multiple of {@value MmaTile#ROWS}, n rounded up to one
   *     of {@value MmaTile#COLUMNS}]
   * @param pitchA elements from one row of a to the next
   * @param pitchB elements from one row of b to the next
   * @param slots K of each token
   * @param chunk a multiple of {@value MmaTile#STEP}, at most {@value #LONGEST_CHUNK}
   * @param left 1 if a is gathered, 0 if b is
   * @param direct 1 if totals are whole tiles
   */
  public static void byChunks(
      KernelContext context,
      LongArray a,
      LongArray b,
      IntArray order,
      IntArray offsets,
      FloatArray totals,
      FloatArray tiles,
      int pitchA,
      int pitchB,
      int m,
      int n,
      int groups,
      int slots,
      int chunk,
      int left,
      int direct) {
    // Local arrays are indexed only in this method: in a helper they are addressed wrongly.
    int[] tileA = context.allocateIntLocalArray(MmaTile.STAGES * OuterTile.PAIRS_A);
    long[] tileB = context.allocateLongLocalArray(MmaTile.STAGES * OuterTile.QUADS_B);
    // The first quad of each row's token. Behind them: the group, and where the result goes, which
    // in registers would cost half of the work groups that fit on a multiprocessor.
    int[] tokens = context.allocateIntLocalArray(LONGEST_CHUNK + 4);
    long[] firstA = new long[OuterTile.LOADS_A];
    long[] firstB = new long[MmaTile.LOADS_B];
    long[] nextA = new long[OuterTile.LOADS_A];
    long[] nextB = new long[MmaTile.LOADS_B];

    int thread = context.localIdx;
    Object hiddenB = FragmentSums.hidden(thread, tileB, tiles);
    int columnTiles = (n + MmaTile.COLUMNS - 1) / MmaTile.COLUMNS;
    int rowTiles = (m + MmaTile.ROWS - 1) / MmaTile.ROWS;
    int firstColumn = (context.groupIdx % columnTiles) * MmaTile.COLUMNS;
    int rest = context.groupIdx / columnTiles;
    int firstRow = (rest % rowTiles) * MmaTile.ROWS;
    int block = rest / rowTiles;
    // All groups at once: a bisection would wait for one of them after the other.
    for (int e = thread; e < groups; e += MmaTile.THREADS) {
      if (GroupSearch.has(offsets, e, chunk, block)) {
        tokens[LONGEST_CHUNK] = e;
      }
    }
    context.localBarrier();
    int group = tokens[LONGEST_CHUNK];
    int past = block - GroupSearch.firstBlock(offsets, group, chunk);
    int start = offsets.get(group) + past * chunk;
    int rows = Math.min(offsets.get(group + 1) - start, chunk);
    // A chunk without rows takes no steps.
    int steps = (Math.max(rows, 0) + MmaTile.STEP - 1) / MmaTile.STEP;
    int quadsA = pitchA / 4;
    int quadsB = pitchB / 4;
    int quadsOfToken = left == 1 ? quadsA : quadsB;
    for (int i = thread; i < steps * MmaTile.STEP; i += MmaTile.THREADS) {
      int row = start + Math.min(i, rows - 1);
      tokens[i] = order.get(row) / slots * quadsOfToken;
    }
    if (thread == 0) {
      boolean alone = direct == 1 && isAlone(offsets, group, chunk);
      tokens[LONGEST_CHUNK + 1] = alone ? 1 : 0;
      tokens[LONGEST_CHUNK + 2] = firstRow + (alone ? group * m : block * rowTiles * MmaTile.ROWS);
    }
    context.localBarrier();
    int term = OuterTile.loadedTermA(thread);
    int storedA = OuterTile.storedA(thread, 0);
    int otherA = OuterTile.storedA(thread, 1) - storedA;
    int storedB = OuterTile.storedB(thread);
    int columnOfA = Math.min(firstRow + OuterTile.loadedRowA(thread), pitchA - 4) / 4;
    int columnOfB = Math.min(firstColumn + MmaTile.loadedColumnB(thread), pitchB - 4) / 4;
    int sortedA = columnOfA + (start + term) * quadsA;
    int lastA = columnOfA + (start + rows - 1) * quadsA;
    int sortedB = columnOfB + (start + MmaTile.loadedTermB(thread, 0)) * quadsB;
    int lastB = columnOfB + (start + rows - 1) * quadsB;
    if (steps > 0) {
      for (int i = 0; i < OuterTile.LOADS_A; i++) {
        int at = OuterTile.termOfLoadA(i);
        firstA[i] =
            a.get(
                left == 1 ? columnOfA + tokens[term + at] : Math.min(sortedA + at * quadsA, lastA));
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        int at = MmaTile.loadedTermB(0, i);
        firstB[i] =
            b.get(
                left == 1
                    ? Math.min(sortedB + at * quadsB, lastB)
                    : columnOfB + tokens[MmaTile.loadedTermB(thread, i)]);
      }
      int second = Math.min(1, steps - 1) * MmaTile.STEP;
      for (int i = 0; i < OuterTile.LOADS_A; i++) {
        int at = second + OuterTile.termOfLoadA(i);
        nextA[i] =
            a.get(
                left == 1 ? columnOfA + tokens[term + at] : Math.min(sortedA + at * quadsA, lastA));
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        int at = second + MmaTile.loadedTermB(0, i);
        nextB[i] =
            b.get(
                left == 1
                    ? Math.min(sortedB + at * quadsB, lastB)
                    : columnOfB + tokens[second + MmaTile.loadedTermB(thread, i)]);
      }
      for (int i = 0; i < OuterTile.LOADS_A; i++) {
        // Rows beyond the chunk's.
        if (term + OuterTile.termOfLoadA(i) >= rows) {
          firstA[i] = 0L;
        }
      }
      for (int i = 0; i < OuterTile.LOADS_A; i += 2) {
        int at = storedA + i / 2 * otherA;
        tileA[at] = OuterTile.evenPair((int) firstA[i], (int) firstA[i + 1]);
        tileA[at + OuterTile.NEXT_STORED_A] =
            OuterTile.oddPair((int) firstA[i], (int) firstA[i + 1]);
        tileA[at + 2 * OuterTile.NEXT_STORED_A] =
            OuterTile.evenPair((int) (firstA[i] >> 32), (int) (firstA[i + 1] >> 32));
        tileA[at + 3 * OuterTile.NEXT_STORED_A] =
            OuterTile.oddPair((int) (firstA[i] >> 32), (int) (firstA[i + 1] >> 32));
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        tileB[storedB + i * OuterTile.NEXT_STORED_B] = firstB[i];
      }
      context.localBarrier();
    }

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
      int fromB = stage * OuterTile.QUADS_B * 8;
      for (int half = 0; half < 2; half++) {
        int fromA = stage * OuterTile.PAIRS_A * 4 + OuterTile.fragmentA(thread);
        int even = fromA + half * OuterTile.OTHER_HALF_A;
        int odd = fromA + (1 - half) * OuterTile.OTHER_HALF_A;
        HalfFloat[] a0 = context.mmaLoadA(tileA, 16, even);
        HalfFloat[] a1 = context.mmaLoadA(tileA, 16, odd + OuterTile.NEXT_ROWS_A);
        HalfFloat[] a2 = context.mmaLoadA(tileA, 16, even + 2 * OuterTile.NEXT_ROWS_A);
        HalfFloat[] a3 = context.mmaLoadA(tileA, 16, odd + 3 * OuterTile.NEXT_ROWS_A);
        int at0 = fromB + MmaTile.fragmentB(thread, half, 0);
        HalfFloat[] b0 = LocalQuads.loadB(context, tileB, hiddenB, at0);
        c00 = context.mmaBF16(a0, b0, c00, MMAShape.M16N8K16);
        c10 = context.mmaBF16(a1, b0, c10, MMAShape.M16N8K16);
        c20 = context.mmaBF16(a2, b0, c20, MMAShape.M16N8K16);
        c30 = context.mmaBF16(a3, b0, c30, MMAShape.M16N8K16);
        int at1 = fromB + MmaTile.fragmentB(thread, half, 1);
        HalfFloat[] b1 = LocalQuads.loadB(context, tileB, hiddenB, at1);
        c01 = context.mmaBF16(a0, b1, c01, MMAShape.M16N8K16);
        c11 = context.mmaBF16(a1, b1, c11, MMAShape.M16N8K16);
        c21 = context.mmaBF16(a2, b1, c21, MMAShape.M16N8K16);
        c31 = context.mmaBF16(a3, b1, c31, MMAShape.M16N8K16);
        int at2 = fromB + MmaTile.fragmentB(thread, half, 2);
        HalfFloat[] b2 = LocalQuads.loadB(context, tileB, hiddenB, at2);
        c02 = context.mmaBF16(a0, b2, c02, MMAShape.M16N8K16);
        c12 = context.mmaBF16(a1, b2, c12, MMAShape.M16N8K16);
        c22 = context.mmaBF16(a2, b2, c22, MMAShape.M16N8K16);
        c32 = context.mmaBF16(a3, b2, c32, MMAShape.M16N8K16);
        int at3 = fromB + MmaTile.fragmentB(thread, half, 3);
        HalfFloat[] b3 = LocalQuads.loadB(context, tileB, hiddenB, at3);
        c03 = context.mmaBF16(a0, b3, c03, MMAShape.M16N8K16);
        c13 = context.mmaBF16(a1, b3, c13, MMAShape.M16N8K16);
        c23 = context.mmaBF16(a2, b3, c23, MMAShape.M16N8K16);
        c33 = context.mmaBF16(a3, b3, c33, MMAShape.M16N8K16);
      }
      int intoA = (1 - stage) * OuterTile.PAIRS_A + storedA;
      int intoB = (1 - stage) * OuterTile.QUADS_B + storedB;
      // Rows beyond the chunk's, in its last step.
      int rowsLeft = rows - (step + 1) * MmaTile.STEP;
      if (rowsLeft < MmaTile.STEP) {
        for (int i = 0; i < OuterTile.LOADS_A; i++) {
          if (term + OuterTile.termOfLoadA(i) >= rowsLeft) {
            nextA[i] = 0L;
          }
        }
      }
      for (int i = 0; i < OuterTile.LOADS_A; i += 2) {
        int at = intoA + i / 2 * otherA;
        tileA[at] = OuterTile.evenPair((int) nextA[i], (int) nextA[i + 1]);
        tileA[at + OuterTile.NEXT_STORED_A] = OuterTile.oddPair((int) nextA[i], (int) nextA[i + 1]);
        tileA[at + 2 * OuterTile.NEXT_STORED_A] =
            OuterTile.evenPair((int) (nextA[i] >> 32), (int) (nextA[i + 1] >> 32));
        tileA[at + 3 * OuterTile.NEXT_STORED_A] =
            OuterTile.oddPair((int) (nextA[i] >> 32), (int) (nextA[i + 1] >> 32));
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        tileB[intoB + i * OuterTile.NEXT_STORED_B] = nextB[i];
      }
      // What comes after the next step; in the end for nobody. Before the barrier, because the
      // compiler would delay loads until the next step's end.
      int ahead = Math.min(step + 2, steps - 1) * MmaTile.STEP;
      for (int i = 0; i < OuterTile.LOADS_A; i++) {
        int at = ahead + OuterTile.termOfLoadA(i);
        nextA[i] =
            a.get(
                left == 1 ? columnOfA + tokens[term + at] : Math.min(sortedA + at * quadsA, lastA));
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        int at = ahead + MmaTile.loadedTermB(0, i);
        nextB[i] =
            b.get(
                left == 1
                    ? Math.min(sortedB + at * quadsB, lastB)
                    : columnOfB + tokens[ahead + MmaTile.loadedTermB(thread, i)]);
      }
      context.localBarrier();
    }
    if (steps > 0) {
      // Whole tiles are as wide as the totals.
      int pitch = columnTiles * MmaTile.COLUMNS;
      FloatArray sums = tokens[LONGEST_CHUNK + 1] == 1 ? totals : tiles;
      int row = tokens[LONGEST_CHUNK + 2] + MmaTile.warpRow(thread);
      int column = firstColumn + MmaTile.warpColumn(thread);
      context.mmaStore(c00, sums, row, column, pitch);
      context.mmaStore(c01, sums, row, column + 8, pitch);
      context.mmaStore(c02, sums, row, column + 16, pitch);
      context.mmaStore(c03, sums, row, column + 24, pitch);
      context.mmaStore(c10, sums, row + 16, column, pitch);
      context.mmaStore(c11, sums, row + 16, column + 8, pitch);
      context.mmaStore(c12, sums, row + 16, column + 16, pitch);
      context.mmaStore(c13, sums, row + 16, column + 24, pitch);
      context.mmaStore(c20, sums, row + 32, column, pitch);
      context.mmaStore(c21, sums, row + 32, column + 8, pitch);
      context.mmaStore(c22, sums, row + 32, column + 16, pitch);
      context.mmaStore(c23, sums, row + 32, column + 24, pitch);
      context.mmaStore(c30, sums, row + 48, column, pitch);
      context.mmaStore(c31, sums, row + 48, column + 8, pitch);
      context.mmaStore(c32, sums, row + 48, column + 16, pitch);
      context.mmaStore(c33, sums, row + 48, column + 24, pitch);
    }
  }

  /** Whether one chunk has all rows of a group. */
  private static boolean isAlone(IntArray offsets, int group, int chunk) {
    return offsets.get(group + 1) - offsets.get(group) <= chunk;
  }
}
