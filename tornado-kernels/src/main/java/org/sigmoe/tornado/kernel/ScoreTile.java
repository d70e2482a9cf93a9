package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * How kernels of attention on tensor cores divide their work, how their tiles lie in local memory,
 * and which bytes of them a lane names to load a fragment.
 *
 * <p>A work group of {@value #THREADS} threads works on {@value #QUERIES} queries of a head, its
 * four warps on {@value #WARP_QUERIES} each, and on {@value #KEYS} keys at a time. Scores are
 * computed transposed, a row for each key, because rows of keys and of positions then are left
 * operands as they lie in memory. The queries of a warp see the keys of a tile at offsets that
 * differ by less than {@value #BAND}: so many rows of positions belong to them.
 *
 * <p>Operands are tiles of rows of {@value #MOST_COLUMNS} elements, cut into chunks of 16 bytes,
 * the unit in which fragments are loaded. Chunks are permuted by the row's number, so that rows
 * that are loaded together lie in different banks. Rows of keys and of positions are permuted too:
 * in each 16 rows first the even, then the odd ones, so that a thread's sums are those of
 * neighbours. Offsets of fragments here go on top of those that {@code mmaLoadA} and {@code
 * mmaLoadB} add by themselves for tiles that are one fragment wide.
 */
final class ScoreTile {
  static final int THREADS = 128;
  static final int QUERIES = 64;
  static final int WARP_QUERIES = 16;
  static final int KEYS = 32;

  /** Columns of a head at most. */
  static final int MOST_COLUMNS = 64;

  /** Rows of positions that belong to a tile of keys for the queries of one warp. */
  static final int BAND = KEYS + WARP_QUERIES;

  /** Rows of positions that belong to a tile of keys for all queries: three tiles of keys. */
  static final int POSITIONS = QUERIES + KEYS;

  /** Fragments of 16 rows of positions in local memory. */
  private static final int POSITION_ROWS = POSITIONS / 16;

  /** Longs of a row of an operand, of four elements each. */
  static final int ROW_QUADS = MOST_COLUMNS / 4;

  /** Longs of a tile of keys. */
  static final int TILE = KEYS * ROW_QUADS;

  /** Bytes of a row of an operand. */
  private static final int ROW_BYTES = 8 * ROW_QUADS;

  /** Bytes from one fragment of 16 rows of an operand to the next. */
  static final int NEXT_ROWS = 16 * ROW_BYTES;

  /**
   * From the scores by one position to those by the next: pairs of queries, which are stored and
   * loaded at once, are in different banks, along diagonals too.
   */
  static final int BAND_PITCH = WARP_QUERIES + 4;

  /** Scores by position of a group. */
  static final int BAND_SCORES = QUERIES / WARP_QUERIES * BAND * BAND_PITCH;

  /** Pairs of adjacent keys of a row of weights, and 4 between rows. */
  static final int WEIGHT_PAIRS = KEYS / 2 + 4;

  /** Pairs of a tile of weights. */
  static final int WEIGHTS = QUERIES * WEIGHT_PAIRS;

  /** In how many loads of four queries each a thread gets its elements of a group's queries. */
  static final int QUERY_LOADS = QUERIES * MOST_COLUMNS / (4 * THREADS);

  /** Elements of a group's queries that a thread loads. */
  static final int OWN = 4 * QUERY_LOADS;

  private ScoreTile() {}

  /** A group for each block of queries of each matrix of scores. */
  static WorkerGrid threads(int matrices, int queries) {
    int groups = Math.multiplyExact(matrices, Math.ceilDiv(queries, QUERIES));
    WorkerGrid1D grid = new WorkerGrid1D(Math.multiplyExact(groups, THREADS));
    grid.setLocalWork(THREADS, 1, 1);
    return grid;
  }

  /** Terms of 16 that a product over so many columns takes. */
  static int steps(int columns) {
    return (columns + 15) / 16;
  }

  /** Permutes chunks of rows: any 8 rows from a multiple of 8 on, and 2 chunks of any 4. */
  private static int permutation(int row) {
    return (row & 3) * 2 + ((row >> 2) & 1);
  }

  /**
   * The row of a tile of keys or positions that a thread loads a quarter of: in local memory even
   * rows come first, and it stores in row {@code thread / 4}.
   */
  static int loadedKey(int thread) {
    int row = thread >> 2;
    return (row & 16) + 2 * (row & 7) + ((row >> 3) & 1);
  }

  /** As {@link #loadedKey} for values, whose rows are in order. */
  static int loadedValue(int thread) {
    return thread >> 2;
  }

  /**
   * The four elements of a tile in which a thread stores its first load; those of load n are these
   * with bits 4 n inverted.
   */
  static int stored(int thread) {
    int row = thread >> 2;
    int chunk = ((thread >> 1) & 1) ^ permutation(row);
    return row * ROW_QUADS + chunk * 2 + (thread & 1);
  }

  /** The column of a head in a thread's load of queries, of which {@link #storedQueries} tells. */
  static int queryColumn(int thread, int load) {
    return (thread & 31) + 32 * (load & 1);
  }

  /** The first of the four queries in a thread's load, of 8 for all columns of all queries. */
  static int firstQuery(int thread, int load) {
    return 4 * ((thread >> 5) + 4 * (load >> 1));
  }

  /** The four elements of a tile [column, query] in which a thread stores a load of queries. */
  static int storedQueries(int thread, int load) {
    int column = queryColumn(thread, load);
    int quad = firstQuery(thread, load) >> 2;
    return column * ROW_QUADS + ((quad >> 1) ^ permutation(column)) * 2 + (quad & 1);
  }

  /**
   * Loads a thread's elements of a group's queries, all before one is needed. After the last query
   * that is repeated, and so is the last column.
   *
   * @param own {@value #OWN} elements
   * @param base of the head in row 0 of x
   * @param first query of the group
   * @param width of a row of x
   */
  static void loadQueries(
      FloatArray x,
      float[] own,
      int base,
      int first,
      int queries,
      int width,
      int size,
      int thread) {
    for (int load = 0; load < QUERY_LOADS; load++) {
      int at = base + Math.min(queryColumn(thread, load), size - 1);
      int i = first + firstQuery(thread, load);
      for (int n = 0; n < 4; n++) {
        own[4 * load + n] = x.get(at + Math.min(i + n, queries - 1) * width);
      }
    }
  }

  /** The largest magnitude of a thread's elements; columns beyond the last one repeat that. */
  static float largest(float[] own) {
    float largest = 0f;
    for (int n = 0; n < OWN; n++) {
      largest = TornadoMath.max(largest, TornadoMath.abs(own[n]));
    }
    return largest;
  }

  /**
   * A column of four queries times a number, in f16; 0 beyond the head's columns.
   *
   * @param own of {@link #loadQueries}
   * @param stretch a power of two
   */
  static long stretched(float[] own, int load, float stretch, int size, int thread) {
    float a = AttentionOperandKernels.rounded(own[4 * load]) * stretch;
    float b = AttentionOperandKernels.rounded(own[4 * load + 1]) * stretch;
    float c = AttentionOperandKernels.rounded(own[4 * load + 2]) * stretch;
    float d = AttentionOperandKernels.rounded(own[4 * load + 3]) * stretch;
    return queryColumn(thread, load) < size ? Quads.of(F16Pairs.of(a, b), F16Pairs.of(c, d)) : 0L;
  }

  /** Loads a head's elements of a bias for the columns of {@link #loadQueries}. */
  static void loadBias(FloatArray bias, float[] shifts, int h, int size, int thread) {
    for (int load = 0; load < 2; load++) {
      shifts[load] = bias.get(h * size + Math.min(queryColumn(thread, load), size - 1));
    }
  }

  /**
   * A column of four queries plus an element of a bias, in f16; 0 beyond the head's columns.
   *
   * @param own of {@link #loadQueries}
   * @param shifts of {@link #loadBias}
   */
  static long biased(float[] own, int load, float[] shifts, int size, int thread) {
    int column = queryColumn(thread, load);
    float shift = shifts[load & 1];
    int first = F16Pairs.of(own[4 * load] + shift, own[4 * load + 1] + shift);
    int second = F16Pairs.of(own[4 * load + 2] + shift, own[4 * load + 3] + shift);
    return column < size ? Quads.of(first, second) : 0L;
  }

  /**
   * Offset in bytes of a left fragment: rows 0 to 15 of a tile.
   *
   * @param step which 16 columns
   */
  static int left(int thread, int step) {
    int row = thread & 15;
    int side = (thread >> 4) & 1;
    int chunk = (2 * step + side) ^ permutation(row);
    return row * ROW_BYTES + chunk * 16 - (row * 32 + side * 16);
  }

  /**
   * Offset in bytes of a right fragment: rows 0 to 15 of a tile.
   *
   * @param columns which 8 columns
   */
  static int right(int thread, int columns) {
    int row = thread & 7;
    int side = (thread >> 3) & 1;
    return (side * 8 + row) * ROW_BYTES
        + (columns ^ permutation(row)) * 16
        - (row * 16 + side * 128);
  }

  /**
   * Offset in bytes of a fragment of positions, of which a group's tile goes round.
   *
   * @param number of the fragment, less than twice as many as there are
   */
  static int positions(int number) {
    return (number < POSITION_ROWS ? number : number - POSITION_ROWS) * NEXT_ROWS;
  }

  /** Offset in bytes of a fragment of the weights of a warp's queries, by 16 keys. */
  static int weights(int thread, int step) {
    int row = thread & 15;
    return (warpQuery(thread) + row) * 4 * WEIGHT_PAIRS - row * 32 + step * 32;
  }

  /** First query of a thread's warp within the group's. */
  static int warpQuery(int thread) {
    return (thread >> 5) * WARP_QUERIES;
  }

  /** The first of the two queries of a fragment of scores that a thread has sums of. */
  static int ownQuery(int thread) {
    return warpQuery(thread) + 2 * (thread & 3);
  }

  /** The first of the two keys, or positions, of a fragment that a thread has sums of. */
  static int ownKey(int thread) {
    return 2 * ((thread & 31) >> 2);
  }

  /**
   * Of the eight pairs of scores that a thread has of a tile, pairs of {@link #ownKey}s of one
   * query each: which 16 keys number n belongs to.
   */
  static int keys(int n) {
    return 16 * (n >> 2);
  }

  /** As {@link #keys}: how far its query is from {@link #ownQuery}. */
  static int query(int n) {
    return 8 * ((n >> 1) & 1) + (n & 1);
  }

  /** Of the sums of a tile's scores, as {@link FragmentSums} has them, the first one of pair n. */
  static int sum(int n) {
    return FragmentSums.FIRST + 2 * (n >> 1) + (n & 1);
  }

  /**
   * Sets what a thread has of keys that their queries do not see.
   *
   * @param scores of a tile, as sums
   * @param lead from the thread's first key to the one of its first query
   * @param past from the first key that is filled to the thread's first one
   */
  static void hide(float[] scores, float hidden, int lead, int past, int reach) {
    for (int n = 0; n < 8; n++) {
      int sum = sum(n);
      int key = keys(n);
      int before = lead + query(n) - key;
      if (unseen(before, past + key, reach) < 0) {
        scores[sum] = hidden;
      }
      if (unseen(before - 1, past + key + 1, reach) < 0) {
        scores[sum + FragmentSums.LOWER] = hidden;
      }
    }
  }

  /**
   * Negative if a query does not see a key. All in one number, because of conditions that are
   * joined TornadoVM loses a negation where one is the opposite of another's.
   *
   * @param lead keys from this one to the query's own
   * @param past keys from the first one that is filled to this one
   */
  private static int unseen(int lead, int past, int reach) {
    return lead | (reach - lead) | past;
  }

  /**
   * Where a sum of {@value #BAND} positions lies, as {@link FragmentSums} has them.
   *
   * @param part which 16 positions
   * @param n which of the eight sums of these that a thread has, four of a position
   */
  static int positionSum(int part, int n) {
    return FragmentSums.FIRST + 4 * part + (n & 3) + (n >> 2) * FragmentSums.LOWER;
  }

  /** Where a thread stores the first of its scores by position. */
  static int storedPosition(int thread) {
    return band(thread) + ownKey(thread) * BAND_PITCH + 2 * (thread & 3);
  }

  /** How much further than the first one a score for (position, query) lies. */
  static int positionOffset(int position, int query) {
    return position * BAND_PITCH + query;
  }

  /** Where the score by position lies that belongs to a thread's first score by content. */
  static int loadedPosition(int thread) {
    int position = ownKey(thread) - 2 * (thread & 3) + WARP_QUERIES - 1;
    return band(thread) + position * BAND_PITCH + 2 * (thread & 3);
  }

  private static int band(int thread) {
    return (thread >> 5) * BAND * BAND_PITCH;
  }

  /** Where a thread stores the first of its pairs of weights. */
  static int storedWeights(int thread) {
    return ownQuery(thread) * WEIGHT_PAIRS + ((thread & 31) >> 2);
  }

  /** How much further than the first one pair number n of weights lies, of eight. */
  static int weightOffset(int n) {
    return query(n) * WEIGHT_PAIRS + keys(n) / 2;
  }

  /**
   * Takes the sums of 16 rows of an operand in f16 times 16 queries.
   *
   * @param at offset in bytes of the rows
   * @param b00 the first 16 columns of the first 8 queries, and so on
   */
  static void products(
      KernelContext context,
      long[] tile,
      Object hiddenTile,
      int at,
      int steps,
      HalfFloat[] b00,
      HalfFloat[] b01,
      HalfFloat[] b10,
      HalfFloat[] b11,
      HalfFloat[] b20,
      HalfFloat[] b21,
      HalfFloat[] b30,
      HalfFloat[] b31,
      Object hidden,
      int number) {
    int thread = context.localIdx;
    float[] c0 = context.mmaFragment(0f);
    float[] c1 = context.mmaFragment(0f);
    HalfFloat[] a0 = LocalQuads.loadA(context, tile, hiddenTile, at + left(thread, 0));
    c0 = context.mma(a0, b00, c0, MMAShape.M16N8K16);
    c1 = context.mma(a0, b01, c1, MMAShape.M16N8K16);
    if (steps > 1) {
      HalfFloat[] a1 = LocalQuads.loadA(context, tile, hiddenTile, at + left(thread, 1));
      c0 = context.mma(a1, b10, c0, MMAShape.M16N8K16);
      c1 = context.mma(a1, b11, c1, MMAShape.M16N8K16);
    }
    if (steps > 2) {
      HalfFloat[] a2 = LocalQuads.loadA(context, tile, hiddenTile, at + left(thread, 2));
      c0 = context.mma(a2, b20, c0, MMAShape.M16N8K16);
      c1 = context.mma(a2, b21, c1, MMAShape.M16N8K16);
    }
    if (steps > 3) {
      HalfFloat[] a3 = LocalQuads.loadA(context, tile, hiddenTile, at + left(thread, 3));
      c0 = context.mma(a3, b30, c0, MMAShape.M16N8K16);
      c1 = context.mma(a3, b31, c1, MMAShape.M16N8K16);
    }
    FragmentSums.take(context, c0, hidden, number);
    FragmentSums.take(context, c1, hidden, number + 1);
  }
}
