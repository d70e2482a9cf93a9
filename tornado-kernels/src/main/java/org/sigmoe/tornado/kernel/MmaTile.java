package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;

/**
 * The tile of a product on tensor cores that a work group of {@value #THREADS} threads computes:
 * {@value #ROWS} rows by 64 or 128 columns, in steps of {@value #STEP} terms. Its four warps have
 * 64 rows by half of the columns each, in fragments of 16 by 8 (mma m16n8k16, bf16 with f32 sums).
 *
 * <p>Operands of one step are in local memory while those of the next come from global memory to
 * registers, four elements with each load, and then go to local memory as pairs. (Asynchronous
 * copies take a pair with each instruction, and an address for each.) A row of a tile is cut into
 * chunks of 16 bytes, the unit in which fragments are loaded, and chunks are permuted by the row's
 * number, so that the eight rows that one load takes lie in different banks. The offsets here go on
 * top of those that {@code mmaLoadA} and {@code mmaLoadB} add by themselves, for tiles without
 * permutation that are one fragment wide.
 */
final class MmaTile {
  static final int THREADS = 128;

  static final int ROWS = 128;

  /** Terms of the sums that are in local memory as one stage. */
  static final int STEP = 32;

  static final int STAGES = 2;

  /** Pairs of elements of A's stage: local memory is addressed by pairs. */
  static final int PAIRS_A = ROWS * STEP / 2;

  /** Bytes from a fragment of A to the one 16 rows below. */
  static final int NEXT_ROWS = 16 * STEP * 2;

  private static final int PAIRS_OF_ROW_A = STEP / 2;

  private MmaTile() {}

  private static final int QUADS_OF_ROW_A = STEP / 4;

  /** Loads of a thread for one stage of A, of four elements each. */
  static final int LOADS_A = ROWS * QUADS_OF_ROW_A / THREADS;

  /** Pairs of A's stage from a thread's load to its next one. */
  static final int NEXT_PAIR_A = THREADS / QUADS_OF_ROW_A * PAIRS_OF_ROW_A;

  /** Columns and terms that all threads load of B at once. */
  private static final int COLUMNS_LOADED_B = 64;

  private static final int QUADS_OF_ROW_B = COLUMNS_LOADED_B / 4;
  private static final int TERMS_LOADED_B = THREADS / QUADS_OF_ROW_B;

  /** So many work groups. */
  static WorkerGrid groups(int groups) {
    WorkerGrid1D grid = new WorkerGrid1D(Math.multiplyExact(groups, THREADS));
    grid.setLocalWork(THREADS, 1, 1);
    return grid;
  }

  /** Pairs of B's stage, for a tile of so many columns. */
  static int pairsB(int columns) {
    return STEP * columns / 2;
  }

  /** Loads of a thread for one stage of B, of four elements each. */
  static int loadsB(int columns) {
    return STEP * columns / 4 / THREADS;
  }

  /** The row of A's tile that is a thread's load number {@code load}. */
  static int loadedRowA(int thread, int load) {
    return thread / QUADS_OF_ROW_A + load * (THREADS / QUADS_OF_ROW_A);
  }

  /** The first of the four terms that a thread loads of A. */
  static int loadedTermA(int thread) {
    return thread % QUADS_OF_ROW_A * 4;
  }

  /**
   * Where in A's stage a thread stores a pair of its first load; those of the next ones lie {@link
   * #NEXT_PAIR_A} further each.
   *
   * @param pair 0 for {@link #firstPair}, 1 for {@link #secondPair}
   */
  static int storedA(int thread, int pair) {
    int row = loadedRowA(thread, 0);
    int quad = thread % QUADS_OF_ROW_A;
    int chunk = (quad / 2) ^ (row / 2 & 3);
    return row * PAIRS_OF_ROW_A + chunk * 4 + quad % 2 * 2 + (pair ^ flip(thread));
  }

  /** The term, a row of B's tile, that is a thread's load number {@code load}. */
  static int loadedTermB(int thread, int load, int columns) {
    return thread / QUADS_OF_ROW_B + load / (columns / COLUMNS_LOADED_B) * TERMS_LOADED_B;
  }

  /** The first of the four columns of B's tile in a thread's load number {@code load}. */
  static int loadedColumnB(int thread, int load, int columns) {
    return thread % QUADS_OF_ROW_B * 4 + load % (columns / COLUMNS_LOADED_B) * COLUMNS_LOADED_B;
  }

  /**
   * Where in B's stage a thread stores a pair of its first load; those of the others lie {@link
   * #nextPairB} further.
   *
   * @param pair 0 for {@link #firstPair}, 1 for {@link #secondPair}
   */
  static int storedB(int thread, int pair, int columns) {
    int term = thread / QUADS_OF_ROW_B;
    int quad = thread % QUADS_OF_ROW_B;
    int chunk = (quad / 2) ^ term;
    return term * (columns / 2) + chunk * 4 + quad % 2 * 2 + (pair ^ flip(thread));
  }

  /**
   * As {@link #storedB}, where of 16 columns those of the even pairs come first and then those of
   * the odd ones: two fragments beside each other then give a thread the sums of four adjacent
   * columns.
   */
  static int storedByParityB(int thread, int pair, int columns) {
    int term = thread / QUADS_OF_ROW_B;
    int quad = thread % QUADS_OF_ROW_B;
    int chunk = (quad / 4 * 2 + pair) ^ term;
    return term * (columns / 2) + chunk * 4 + quad % 4;
  }

  /** How much further than the pair of load 0 that of another load lies in B's stage. */
  static int nextPairB(int load, int columns) {
    int across = columns / COLUMNS_LOADED_B;
    return load / across * TERMS_LOADED_B * (columns / 2) + load % across * COLUMNS_LOADED_B / 2;
  }

  /** 1 if a thread stores the upper pair of its four elements first, so that banks differ. */
  private static int flip(int thread) {
    return thread / 16 % 2;
  }

  /** Of four elements the pair that a thread stores first. */
  static int firstPair(int thread, long quad) {
    return flip(thread) == 0 ? (int) quad : (int) (quad >> 32);
  }

  /** Of four elements the pair that a thread stores second. */
  static int secondPair(int thread, long quad) {
    return flip(thread) == 0 ? (int) (quad >> 32) : (int) quad;
  }

  /** First row of a thread's warp within the tile. */
  static int warpRow(int thread) {
    return thread / 64 * 64;
  }

  /** First column of a thread's warp within the tile. */
  static int warpColumn(int thread, int columns) {
    return thread / 32 % 2 * (columns / 2);
  }

  /**
   * Offset in bytes, for this thread, of its warp's first fragment of A.
   *
   * @param half which 16 terms of a stage
   */
  static int fragmentA(int thread, int half) {
    int lane = thread & 31;
    int row = lane & 15;
    int side = lane / 16;
    int chunk = (half * 2 + side) ^ (row / 2 & 3);
    return (warpRow(thread) + row) * (STEP * 2) + chunk * 16 - (row * 32 + side * 16);
  }

  /**
   * Offset in bytes, for this thread, of one of its warp's fragments of B.
   *
   * @param half which 16 terms of a stage
   * @param fragment which 8 of the warp's columns
   */
  static int fragmentB(int thread, int half, int fragment, int columns) {
    int lane = thread & 31;
    int row = lane & 7;
    int side = lane / 8 % 2;
    int chunk = (warpColumn(thread, columns) / 8 + fragment) ^ row;
    return (half * 16 + side * 8 + row) * (columns * 2) + chunk * 16 - (row * 16 + side * 128);
  }
}
