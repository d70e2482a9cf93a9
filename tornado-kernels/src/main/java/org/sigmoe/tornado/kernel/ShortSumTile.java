package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;

/**
 * How tiles of {@link ShortSumMmaKernels} lie in local memory, and which of their bytes a lane
 * names to load a fragment.
 *
 * <p>A work group of {@value #THREADS} threads has {@value #ROWS} rows, each of its four warps
 * {@value #WARP_ROWS}, and {@value #COLUMNS} columns at a time. Rows of tiles have a gap behind
 * them, so that rows that are loaded together lie in different banks. Offsets here go on top of
 * those that {@code mmaLoadA} and {@code mmaLoadB} add by themselves for tiles that are one
 * fragment wide.
 *
 * <p>Of 16 columns of B, those of the even pairs come first and then those of the odd ones: two
 * fragments beside each other then give a thread the sums of four adjacent columns.
 */
final class ShortSumTile {
  static final int THREADS = 128;

  static final int ROWS = MmaTile.ROWS;

  /** Columns of a tile. */
  static final int COLUMNS = 64;

  /** Longest sums. */
  static final int MOST_TERMS = 128;

  /** Rows of a warp: two fragments below each other. */
  static final int WARP_ROWS = 32;

  /** Terms of a fragment. */
  static final int STEP = 16;

  private static final int ROW_PAIRS_A = MOST_TERMS / 2 + 4;
  private static final int ROW_PAIRS_B = COLUMNS / 2 + 4;

  static final int PAIRS_A = ROWS * ROW_PAIRS_A;
  static final int PAIRS_B = MOST_TERMS * ROW_PAIRS_B;

  /** Bytes from a fragment of A to the one with the 16 rows below. */
  static final int NEXT_ROWS_A = 16 * ROW_PAIRS_A * 4;

  /** Bytes from a fragment of B to the one with the next terms. */
  static final int NEXT_TERMS_B = STEP * ROW_PAIRS_B * 4;

  /** Loads of a thread for A, of four elements each. */
  static final int LOADS_A = ROWS * MOST_TERMS / 4 / THREADS;

  /** Rows of A that all threads load at once. */
  private static final int ROWS_LOADED_A = THREADS / (MOST_TERMS / 4);

  private static final int QUADS_OF_ROW_B = COLUMNS / 4;

  /** Terms of B that all threads load at once. */
  static final int TERMS_LOADED_B = THREADS / QUADS_OF_ROW_B;

  /** Loads of a thread for half of the terms of B, of four elements each. */
  static final int LOADS_B = MOST_TERMS / 2 / TERMS_LOADED_B;

  /** Pairs from a thread's load of B to its next one. */
  static final int NEXT_PAIR_B = TERMS_LOADED_B * ROW_PAIRS_B;

  private ShortSumTile() {}

  /** So many work groups. */
  static WorkerGrid groups(int groups) {
    WorkerGrid1D grid = new WorkerGrid1D(Math.multiplyExact(groups, THREADS));
    grid.setLocalWork(THREADS, 1, 1);
    return grid;
  }

  /** The row of A that is a thread's load number {@code load}. */
  static int loadedRowA(int thread, int load) {
    return (thread >> 5) + load * ROWS_LOADED_A;
  }

  /** The first of the four terms that a thread loads of A. */
  static int loadedTermA(int thread) {
    return (thread & 31) * 4;
  }

  /** Where a thread stores the first pair of a load of A; the second comes behind it. */
  static int storedA(int thread, int load) {
    return loadedRowA(thread, load) * ROW_PAIRS_A + (thread & 31) * 2;
  }

  /** The term, a row of B, that is a thread's load number {@code load}. */
  static int loadedTermB(int thread, int load) {
    return ((thread >> 4) & (TERMS_LOADED_B - 1)) + load * TERMS_LOADED_B;
  }

  /** The first of the four columns that a thread loads of B. */
  static int loadedColumnB(int thread) {
    return (thread & (QUADS_OF_ROW_B - 1)) * 4;
  }

  /** Where a thread stores the first pair of its first load of B. */
  static int storedB(int thread) {
    return loadedTermB(thread, 0) * ROW_PAIRS_B + ((thread >> 2) & 3) * 8 + (thread & 3);
  }

  /** How much further the second pair of a load of B lies. */
  static final int SECOND_PAIR_B = 4;

  /** First row of a thread's warp within the tile. */
  static int warpRow(int thread) {
    return (thread >> 5) * WARP_ROWS;
  }

  /** Offset in bytes of the warp's first fragment of A with so many terms before it. */
  static int fragmentA(int thread, int terms) {
    return warpRow(thread) * (ROW_PAIRS_A * 4) + (thread & 15) * (ROW_PAIRS_A * 4 - 32) + terms * 2;
  }

  /** Offset in bytes of B's first fragment. */
  static int fragmentB(int thread) {
    int row = thread & 7;
    int side = (thread >> 3) & 1;
    return row * (ROW_PAIRS_B * 4 - 16) + side * (8 * ROW_PAIRS_B * 4 - 128);
  }
}
