package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;

/**
 * The tile of a product on tensor cores that a work group of {@value #THREADS} threads computes:
 * {@value #ROWS} rows by {@value #COLUMNS} columns, in steps of {@value #STEP} terms. Its eight
 * warps have 64 rows by 32 columns each, in fragments of 16 by 8 (mma m16n8k16, bf16 with f32
 * sums). Smaller tiles read each operand more often from the second-level cache, which binds then;
 * fewer threads, of more sums each, wait for it.
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
  static final int THREADS = 256;

  static final int ROWS = 128;

  static final int COLUMNS = 128;

  /** Terms of the sums that are in local memory as one stage. */
  static final int STEP = 32;

  static final int STAGES = 2;

  /** Pairs of elements of A's stage: local memory is addressed by pairs. */
  static final int PAIRS_A = ROWS * STEP / 2;

  /** Pairs of elements of B's stage. */
  static final int PAIRS_B = STEP * COLUMNS / 2;

  /** Bytes from a fragment of A to the one 16 rows below. */
  static final int NEXT_ROWS = 16 * STEP * 2;

  /** Rows of a warp. */
  private static final int WARP_ROWS = 64;

  /** Columns of a warp. */
  private static final int WARP_COLUMNS = 32;

  private static final int PAIRS_OF_ROW_A = STEP / 2;
  private static final int PAIRS_OF_ROW_B = COLUMNS / 2;
  private static final int QUADS_OF_ROW_A = STEP / 4;
  private static final int QUADS_OF_ROW_B = COLUMNS / 4;

  /** Rows of A that all threads load at once. */
  private static final int ROWS_LOADED_A = THREADS / QUADS_OF_ROW_A;

  /** Terms of B that all threads load at once. */
  private static final int TERMS_LOADED_B = THREADS / QUADS_OF_ROW_B;

  /** Loads of a thread for one stage of A, of four elements each. */
  static final int LOADS_A = ROWS / ROWS_LOADED_A;

  /** Loads of a thread for one stage of B, of four elements each. */
  static final int LOADS_B = STEP / TERMS_LOADED_B;

  /** Pairs of A's stage from a thread's load to its next one. */
  static final int NEXT_PAIR_A = ROWS_LOADED_A * PAIRS_OF_ROW_A;

  /** Pairs of B's stage from a thread's load to its next one. */
  static final int NEXT_PAIR_B = TERMS_LOADED_B * PAIRS_OF_ROW_B;

  private MmaTile() {}

  /** So many work groups. */
  static WorkerGrid groups(int groups) {
    WorkerGrid1D grid = new WorkerGrid1D(Math.multiplyExact(groups, THREADS));
    grid.setLocalWork(THREADS, 1, 1);
    return grid;
  }

  /** The row of A's tile that is a thread's load number {@code load}. */
  static int loadedRowA(int thread, int load) {
    return (thread >> 3) + load * ROWS_LOADED_A;
  }

  /** The first of the four terms that a thread loads of A. */
  static int loadedTermA(int thread) {
    return (thread & 7) * 4;
  }

  /**
   * Where in A's stage a thread stores the first pair of its first load, the second one behind it;
   * those of the next loads lie {@link #NEXT_PAIR_A} further each.
   */
  static int storedA(int thread) {
    int row = thread >> 3;
    int chunk = ((thread >> 1) ^ (row >> 1)) & 3;
    return row * PAIRS_OF_ROW_A + chunk * 4 + (thread & 1) * 2;
  }

  /** The term, a row of B's tile, that is a thread's load number {@code load}. */
  static int loadedTermB(int thread, int load) {
    return (thread >> 5) + load * TERMS_LOADED_B;
  }

  /** The first of the four columns that a thread loads of B. */
  static int loadedColumnB(int thread) {
    return (thread & 31) * 4;
  }

  /**
   * Where in B's stage a thread stores a pair of its first load; those of the others lie {@link
   * #NEXT_PAIR_B} further each.
   *
   * @param pair 0 for {@link #firstPair}, 1 for {@link #secondPair}
   * @param byParity whether of 16 columns those of the even pairs come first and then those of the
   *     odd ones: two fragments beside each other then give a thread the sums of four adjacent
   *     columns
   */
  static int storedB(int thread, int pair, boolean byParity) {
    int term = thread >> 5;
    int quad = thread & 31;
    int half = pair ^ flip(thread);
    int chunk = (byParity ? (quad >> 2) * 2 + half : quad >> 1) ^ (term & 7);
    int within = byParity ? quad & 3 : (quad & 1) * 2 + half;
    return term * PAIRS_OF_ROW_B + chunk * 4 + within;
  }

  /** 1 if a thread stores the upper pair of its four elements of B first, so that banks differ. */
  private static int flip(int thread) {
    return (thread >> 4) & 1;
  }

  /** Of four elements of B the pair that a thread stores first. */
  static int firstPair(int thread, long quad) {
    return flip(thread) == 0 ? (int) quad : (int) (quad >> 32);
  }

  /** Of four elements of B the pair that a thread stores second. */
  static int secondPair(int thread, long quad) {
    return flip(thread) == 0 ? (int) (quad >> 32) : (int) quad;
  }

  /** First row of a thread's warp within the tile. */
  static int warpRow(int thread) {
    return (thread >> 7) * WARP_ROWS;
  }

  /** First column of a thread's warp within the tile. */
  static int warpColumn(int thread) {
    return ((thread >> 5) & 3) * WARP_COLUMNS;
  }

  /**
   * Offset in bytes, for this thread, of its warp's first fragment of A.
   *
   * @param half which 16 terms of a stage
   */
  static int fragmentA(int thread, int half) {
    int row = thread & 15;
    int side = (thread >> 4) & 1;
    int chunk = (half * 2 + side) ^ ((row >> 1) & 3);
    return (warpRow(thread) + row) * (STEP * 2) + chunk * 16 - (row * 32 + side * 16);
  }

  /**
   * Offset in bytes, for this thread, of one of its warp's fragments of B.
   *
   * @param half which 16 terms of a stage
   * @param fragment which 8 of the warp's columns
   */
  static int fragmentB(int thread, int half, int fragment) {
    int row = thread & 7;
    int side = (thread >> 3) & 1;
    int chunk = (warpColumn(thread) / 8 + fragment) ^ row;
    return (half * 16 + side * 8 + row) * (COLUMNS * 2) + chunk * 16 - (row * 16 + side * 128);
  }
}
