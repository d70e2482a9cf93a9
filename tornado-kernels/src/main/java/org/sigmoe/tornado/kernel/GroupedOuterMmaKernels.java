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
 * offsets. CUDA only, but for {@link #sumTiles}. {@link GroupedOuterMmaShape} puts the kernels
 * together.
 */
public final class GroupedOuterMmaKernels {
  private GroupedOuterMmaKernels() {}

  /** Most rows of a chunk. */
  static final int LONGEST_CHUNK = 2048;

  /** Edge of the tiles of {@link #sumTiles}. */
  private static final int EDGE = TransposingKernels.EDGE;

  /** Rows of a tile that a work group of {@link #sumTiles} has at once. */
  private static final int ROWS_AT_ONCE = LaunchShapes.GROUP / EDGE;

  /** Elements of a tile that a thread of {@link #sumTiles} has. */
  private static final int ELEMENTS = EDGE / ROWS_AT_ONCE;

  /**
   * Work groups of {@link #sumTiles} that there should be at least, where there are as many tiles:
   * enough for sums of several chunks, and few to start for nothing where none are left to add up.
   */
  private static final int SUM_GROUPS = 4096;

  /** Tiles that a work group of {@link #sumTiles} takes. */
  static int sumSpan(int groups, int m, int n) {
    return Math.max(1, Math.multiplyExact(groups, tilesOfGroup(m, n)) / SUM_GROUPS);
  }

  /** Work groups of {@link #sumTiles}. */
  static int sumGroups(int groups, int m, int n, int span) {
    return Math.multiplyExact(groups, Math.ceilDiv(tilesOfGroup(m, n), span));
  }

  private static int tilesOfGroup(int m, int n) {
    return Math.multiplyExact(Math.ceilDiv(m, EDGE), Math.ceilDiv(n, EDGE));
  }

  /**
   * Sums of each chunk: tiles[q] = sum over the padded rows p of chunk q of z[.., p] g[sources[p]].
   * Padded rows are those of {@link PaddedRowKernels} with blocks of {@value MmaTile#STEP} rows; a
   * chunk has {@code chunk} rows of one group. What tiles has for a chunk without rows means
   * nothing.
   *
   * <p>Rows of matrices begin at multiples of four elements. A work group of {@value
   * MmaTile#THREADS} threads for each tile of {@link MmaTile} of each chunk.
   *
   * @param z [m, padded rows], the sorted rows as columns, with zeros in gaps
   * @param g [.., n]
   * @param sources i32[padded rows]
   * @param offsets i32[groups + 1]
   * @param totals [groups, m, n], or [groups, n, m] if {@code across} is 1: where {@code direct} is
   *     1 the sums of a group's only chunk
   * @param tiles [chunks, m rounded up to a multiple of {@value MmaTile#ROWS}, n rounded up to one
   *     of {@value MmaTile#COLUMNS}]
   * @param pitchZ elements from one row of z to the next
   * @param pitchG elements from one row of g to the next
   * @param chunk a multiple of {@value MmaTile#STEP}, at most {@value #LONGEST_CHUNK}
   * @param direct 1 if totals are whole tiles
   */
  public static void byChunks(
      KernelContext context,
      LongArray z,
      LongArray g,
      IntArray sources,
      IntArray offsets,
      FloatArray totals,
      FloatArray tiles,
      int pitchZ,
      int pitchG,
      int m,
      int n,
      int groups,
      int chunk,
      int direct,
      int across) {
    // Local arrays are indexed only in this method: in a helper they are addressed wrongly.
    int[] tileA = context.allocateIntLocalArray(MmaTile.STAGES * MmaTile.PAIRS_A);
    int[] tileB = context.allocateIntLocalArray(MmaTile.STAGES * MmaTile.PAIRS_B);
    // Behind the sources: where the result goes. In registers it would cost half of the groups that
    // fit on a multiprocessor.
    int[] sourcesHere = context.allocateIntLocalArray(LONGEST_CHUNK + 4);
    int[] rowsOfZ = new int[MmaTile.LOADS_A];
    float[] own = new float[FragmentSums.LENGTH];
    long[] nextA = new long[MmaTile.LOADS_A];
    long[] nextB = new long[MmaTile.LOADS_B];

    int thread = context.localIdx;
    int storedA = MmaTile.storedA(thread);
    int firstB = MmaTile.storedB(thread, 0, false);
    int secondB = MmaTile.storedB(thread, 1, false);
    int columnTiles = (n + MmaTile.COLUMNS - 1) / MmaTile.COLUMNS;
    int rowTiles = (m + MmaTile.ROWS - 1) / MmaTile.ROWS;
    int firstColumn = (context.groupIdx % columnTiles) * MmaTile.COLUMNS;
    int rest = context.groupIdx / columnTiles;
    int firstRow = (rest % rowTiles) * MmaTile.ROWS;
    int block = rest / rowTiles;
    int group = GroupSearch.ofBlock(offsets, groups, chunk, block);
    int past = block - GroupSearch.firstBlock(offsets, group, chunk);
    int rows = Math.min(offsets.get(group + 1) - offsets.get(group) - past * chunk, chunk);
    int start = GroupSearch.firstBlock(offsets, group, MmaTile.STEP) * MmaTile.STEP + past * chunk;
    // A chunk without rows takes no steps.
    int steps = (Math.max(rows, 0) + MmaTile.STEP - 1) / MmaTile.STEP;
    for (int i = thread; i < steps * MmaTile.STEP; i += MmaTile.THREADS) {
      sourcesHere[i] = sources.get(start + i);
    }
    if (thread == 0) {
      boolean alone = direct == 1 && isAlone(offsets, group, chunk);
      sourcesHere[LONGEST_CHUNK] = alone ? 1 : 0;
      int rowsBefore = alone ? (1 - across) * group * m : block * rowTiles * MmaTile.ROWS;
      sourcesHere[LONGEST_CHUNK + 1] = firstRow + rowsBefore;
      sourcesHere[LONGEST_CHUNK + 2] = firstColumn + (alone ? across * group * n : 0);
    }
    context.localBarrier();
    int quadsOfRow = pitchG / 4;
    int columnOfG = Math.min(firstColumn + MmaTile.loadedColumnB(thread), pitchG - 4) / 4;
    if (steps > 0) {
      for (int i = 0; i < MmaTile.LOADS_A; i++) {
        int row = Math.min(firstRow + MmaTile.loadedRowA(thread, i), m - 1);
        rowsOfZ[i] = (row * pitchZ + start + MmaTile.loadedTermA(thread)) / 4;
        nextA[i] = z.get(rowsOfZ[i]);
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        int source = sourcesHere[MmaTile.loadedTermB(thread, i)];
        nextB[i] = g.get(columnOfG + source * quadsOfRow);
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
        nextA[i] = z.get(rowsOfZ[i] + second * (MmaTile.STEP / 4));
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        int source = sourcesHere[second * MmaTile.STEP + MmaTile.loadedTermB(thread, i)];
        nextB[i] = g.get(columnOfG + source * quadsOfRow);
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
        nextA[i] = z.get(rowsOfZ[i] + ahead * (MmaTile.STEP / 4));
      }
      for (int i = 0; i < MmaTile.LOADS_B; i++) {
        int source = sourcesHere[ahead * MmaTile.STEP + MmaTile.loadedTermB(thread, i)];
        nextB[i] = g.get(columnOfG + source * quadsOfRow);
      }
      context.localBarrier();
    }
    int row = sourcesHere[LONGEST_CHUNK + 1] + MmaTile.warpRow(thread);
    int column = sourcesHere[LONGEST_CHUNK + 2] + MmaTile.warpColumn(thread);
    if (across == 1 && steps > 0 && sourcesHere[LONGEST_CHUNK] == 1) {
      Object hidden = FragmentSums.hidden(thread, own, totals);
      int at = (column + 2 * (thread & 3)) * m + row + ((thread & 31) >> 2);
      int next = 8 * m;
      FragmentSums.storeTransposed(context, c00, own, hidden, totals, at, m);
      FragmentSums.storeTransposed(context, c01, own, hidden, totals, at + next, m);
      FragmentSums.storeTransposed(context, c02, own, hidden, totals, at + 2 * next, m);
      FragmentSums.storeTransposed(context, c03, own, hidden, totals, at + 3 * next, m);
      FragmentSums.storeTransposed(context, c10, own, hidden, totals, at + 16, m);
      FragmentSums.storeTransposed(context, c11, own, hidden, totals, at + 16 + next, m);
      FragmentSums.storeTransposed(context, c12, own, hidden, totals, at + 16 + 2 * next, m);
      FragmentSums.storeTransposed(context, c13, own, hidden, totals, at + 16 + 3 * next, m);
      FragmentSums.storeTransposed(context, c20, own, hidden, totals, at + 32, m);
      FragmentSums.storeTransposed(context, c21, own, hidden, totals, at + 32 + next, m);
      FragmentSums.storeTransposed(context, c22, own, hidden, totals, at + 32 + 2 * next, m);
      FragmentSums.storeTransposed(context, c23, own, hidden, totals, at + 32 + 3 * next, m);
      FragmentSums.storeTransposed(context, c30, own, hidden, totals, at + 48, m);
      FragmentSums.storeTransposed(context, c31, own, hidden, totals, at + 48 + next, m);
      FragmentSums.storeTransposed(context, c32, own, hidden, totals, at + 48 + 2 * next, m);
      FragmentSums.storeTransposed(context, c33, own, hidden, totals, at + 48 + 3 * next, m);
    } else if (steps > 0 && sourcesHere[LONGEST_CHUNK] == 1) {
      context.mmaStore(c00, totals, row, column, n);
      context.mmaStore(c01, totals, row, column + 8, n);
      context.mmaStore(c02, totals, row, column + 16, n);
      context.mmaStore(c03, totals, row, column + 24, n);
      context.mmaStore(c10, totals, row + 16, column, n);
      context.mmaStore(c11, totals, row + 16, column + 8, n);
      context.mmaStore(c12, totals, row + 16, column + 16, n);
      context.mmaStore(c13, totals, row + 16, column + 24, n);
      context.mmaStore(c20, totals, row + 32, column, n);
      context.mmaStore(c21, totals, row + 32, column + 8, n);
      context.mmaStore(c22, totals, row + 32, column + 16, n);
      context.mmaStore(c23, totals, row + 32, column + 24, n);
      context.mmaStore(c30, totals, row + 48, column, n);
      context.mmaStore(c31, totals, row + 48, column + 8, n);
      context.mmaStore(c32, totals, row + 48, column + 16, n);
      context.mmaStore(c33, totals, row + 48, column + 24, n);
    } else if (steps > 0) {
      int pitch = columnTiles * MmaTile.COLUMNS;
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

  /** Whether one chunk has all rows of a group. */
  private static boolean isAlone(IntArray offsets, int group, int chunk) {
    return offsets.get(group + 1) - offsets.get(group) <= chunk;
  }

  /**
   * For each group the sum of its chunks' sums, in order; 0 for a group without rows. A work group
   * of {@value LaunchShapes#GROUP} threads for each {@code span} adjacent tiles of {@value #EDGE}
   * by {@value #EDGE} elements of each group. Right on OpenCL and CUDA.
   *
   * @param tiles of {@link #byChunks}
   * @param pitchRows rows of a chunk's sums
   * @param pitch columns of a chunk's sums
   * @param transposed 1 for results [groups, n, m]
   * @param direct 1 if the sums of groups with one chunk are in totals already
   * @param span of {@link #sumSpan}
   * @param totals [groups, m, n]
   */
  public static void sumTiles(
      KernelContext context,
      FloatArray tiles,
      IntArray offsets,
      int m,
      int n,
      int pitchRows,
      int pitch,
      int chunk,
      int transposed,
      int direct,
      int span,
      FloatArray totals) {
    float[] sums = context.allocateFloatLocalArray(EDGE * (EDGE + 1));
    float[] own = new float[ELEMENTS];
    int thread = context.localIdx;
    int across = thread % EDGE;
    int down = thread / EDGE;
    int columnTiles = (n + EDGE - 1) / EDGE;
    int tilesOfGroup = columnTiles * ((m + EDGE - 1) / EDGE);
    int spans = (tilesOfGroup + span - 1) / span;
    int group = context.groupIdx / spans;
    int firstTile = (context.groupIdx % spans) * span;
    int block = GroupSearch.firstBlock(offsets, group, chunk);
    int rows = offsets.get(group + 1) - offsets.get(group);
    int end = block + (rows + chunk - 1) / chunk;
    // So many chunks leave nothing to do.
    int only = direct == 1 ? 1 : -1;
    int endTile = end - block == only ? firstTile : Math.min(firstTile + span, tilesOfGroup);
    for (int tile = firstTile; tile < endTile; tile++) {
      int firstColumn = (tile % columnTiles) * EDGE;
      int firstRow = (tile / columnTiles) * EDGE;
      int at = (firstRow + down) * pitch + firstColumn + across;
      for (int i = 0; i < ELEMENTS; i++) {
        own[i] = 0f;
      }
      // All of a chunk's elements are loaded at once.
      for (int q = block; q < end; q++) {
        for (int i = 0; i < ELEMENTS; i++) {
          own[i] += tiles.get((q * pitchRows + i * ROWS_AT_ONCE) * pitch + at);
        }
      }
      for (int i = 0; i < ELEMENTS; i++) {
        sums[(down + i * ROWS_AT_ONCE) * (EDGE + 1) + across] = own[i];
      }
      context.localBarrier();
      for (int i = 0; i < EDGE; i += ROWS_AT_ONCE) {
        int row = transposed == 1 ? across : down + i;
        int column = transposed == 1 ? down + i : across;
        if (firstRow + row < m && firstColumn + column < n) {
          int to =
              transposed == 1
                  ? (group * n + firstColumn + column) * m + firstRow + row
                  : (group * m + firstRow + row) * n + firstColumn + column;
          totals.set(to, sums[row * (EDGE + 1) + column]);
        }
      }
      // Before the next tile's sums take the place of these.
      context.localBarrier();
    }
  }
}
