package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.MMAShape;
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

  /** Ints of a row of an operand, pairs of elements. */
  static final int ROW_PAIRS = MOST_COLUMNS / 2;

  /** Bytes from one fragment of 16 rows of an operand to the next. */
  static final int NEXT_ROWS = 16 * 4 * ROW_PAIRS;

  /** From the scores by one position to those by the next: conflict-free along diagonals. */
  static final int BAND_PITCH = WARP_QUERIES + 2;

  /** Scores by position of a group. */
  static final int BAND_SCORES = QUERIES / WARP_QUERIES * BAND * BAND_PITCH;

  /** Pairs of adjacent keys of a row of weights, and 4 between rows. */
  static final int WEIGHT_PAIRS = KEYS / 2 + 4;

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

  /** The row of a tile of keys in which a thread, of four for each, stores what it loads. */
  private static int evenFirst(int thread) {
    int row = thread >> 2;
    return (row & 16) + ((row & 15) >> 1) + (row & 1) * 8;
  }

  /**
   * The pair of a tile of keys in which a thread stores the {@link #firstOfKey} of its first load;
   * that of load n is this one with bits 8 n inverted, and the other pair's that with bit 0
   * inverted.
   */
  static int storedKey(int thread) {
    return stored(evenFirst(thread), thread, (thread >> 2) & 1);
  }

  /** As {@link #storedKey} for values, whose rows are in order. */
  static int storedValue(int thread) {
    return stored(thread >> 2, thread, (thread >> 4) & 1);
  }

  private static int stored(int row, int thread, int flip) {
    int chunk = ((thread >> 1) & 1) ^ permutation(row);
    return row * ROW_PAIRS + chunk * 4 + (thread & 1) * 2 + flip;
  }

  /** Of four elements of a key the pair that a thread stores first, so that banks differ. */
  static int firstOfKey(int thread, long quad) {
    return pair(quad, (thread >> 2) & 1);
  }

  static int secondOfKey(int thread, long quad) {
    return pair(quad, 1 - ((thread >> 2) & 1));
  }

  static int firstOfValue(int thread, long quad) {
    return pair(quad, (thread >> 4) & 1);
  }

  static int secondOfValue(int thread, long quad) {
    return pair(quad, 1 - ((thread >> 4) & 1));
  }

  private static int pair(long quad, int number) {
    return number == 0 ? (int) quad : (int) (quad >> 32);
  }

  /** The column of a head in a thread's load of queries, of which {@link #storedQueries} tells. */
  static int queryColumn(int thread, int load) {
    return (thread & 31) + 32 * (load & 1);
  }

  /** The first of the two queries in a thread's load, of 16 for all columns of all queries. */
  static int firstQuery(int thread, int load) {
    return 2 * ((thread >> 5) + 4 * (load >> 1));
  }

  /** The pair of a tile [column, query] in which a thread stores two queries' elements. */
  static int storedQueries(int thread, int load) {
    int column = queryColumn(thread, load);
    int pair = firstQuery(thread, load) >> 1;
    return column * ROW_PAIRS + ((pair >> 2) ^ permutation(column)) * 4 + (pair & 3);
  }

  /**
   * An element of a query plus one of a bias, 0 beyond the head's columns.
   *
   * @param start of the query's head
   */
  static float biased(FloatArray q, int start, FloatArray bias, int h, int column, int size) {
    float value = 0f;
    if (column < size) {
      value = q.get(start + column) + bias.get(h * size + column);
    }
    return value;
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
    return row * 4 * ROW_PAIRS + chunk * 16 - (row * 32 + side * 16);
  }

  /**
   * Offset in bytes of a right fragment: rows 0 to 15 of a tile.
   *
   * @param columns which 8 columns
   */
  static int right(int thread, int columns) {
    int row = thread & 7;
    int side = (thread >> 3) & 1;
    return (side * 8 + row) * 4 * ROW_PAIRS
        + (columns ^ permutation(row)) * 16
        - (row * 16 + side * 128);
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

  /** Where a thread stores the first of its scores by position. */
  static int storedPosition(int thread) {
    return band(thread) + ownKey(thread) * BAND_PITCH + (thread & 3);
  }

  /** How much further than the first one a score for (position, query) lies. */
  static int positionOffset(int position, int query) {
    return position * BAND_PITCH + (query >> 1) + (query & 1) * (WARP_QUERIES / 2);
  }

  /** Where the score by position lies that belongs to a thread's first score by content. */
  static int loadedPosition(int thread) {
    int position = ownKey(thread) - 2 * (thread & 3) + WARP_QUERIES - 1;
    return band(thread) + position * BAND_PITCH + (thread & 3);
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
      int[] tile,
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
    HalfFloat[] a0 = context.mmaLoadA(tile, 16, at + left(thread, 0));
    c0 = context.mma(a0, b00, c0, MMAShape.M16N8K16);
    c1 = context.mma(a0, b01, c1, MMAShape.M16N8K16);
    if (steps > 1) {
      HalfFloat[] a1 = context.mmaLoadA(tile, 16, at + left(thread, 1));
      c0 = context.mma(a1, b10, c0, MMAShape.M16N8K16);
      c1 = context.mma(a1, b11, c1, MMAShape.M16N8K16);
    }
    if (steps > 2) {
      HalfFloat[] a2 = context.mmaLoadA(tile, 16, at + left(thread, 2));
      c0 = context.mma(a2, b20, c0, MMAShape.M16N8K16);
      c1 = context.mma(a2, b21, c1, MMAShape.M16N8K16);
    }
    if (steps > 3) {
      HalfFloat[] a3 = context.mmaLoadA(tile, 16, at + left(thread, 3));
      c0 = context.mma(a3, b30, c0, MMAShape.M16N8K16);
      c1 = context.mma(a3, b31, c1, MMAShape.M16N8K16);
    }
    FragmentSums.take(context, c0, hidden, number);
    FragmentSums.take(context, c1, hidden, number + 1);
  }
}
