package org.sigmoe.tornado.kernel;

/**
 * How {@link GroupedOuterMmaKernels} have the operands of a {@link MmaTile} in local memory. A is
 * read transposed: columns of its rows in global memory are rows of the tile, and their rows are
 * the terms. Fragments of A are loaded in one direction only, so elements of two adjacent rows
 * become pairs on their way.
 *
 * <p>A thread loads four columns of both rows of a pair; eight threads beside each other have 32
 * columns, and the next eight the next pair. In local memory there is a gap behind each row, and
 * chunks of 16 bytes are permuted by the row's number, so that what a warp stores at once lies in
 * different banks, as do the eight rows that one load of a fragment takes. B lies as in {@link
 * MmaTile}, but is stored four elements at a time.
 */
final class OuterTile {
  /** Pairs of terms from one row of A to the next. */
  private static final int ROW_PAIRS_A = MmaTile.STEP / 2 + 4;

  private static final int ROW_QUADS_B = MmaTile.COLUMNS / 4;

  /** Pairs of elements of A's stage. */
  static final int PAIRS_A = MmaTile.ROWS * ROW_PAIRS_A;

  /** Four elements each of B's stage. */
  static final int QUADS_B = MmaTile.STEP * ROW_QUADS_B;

  /** Bytes from a fragment of A to the one 16 rows below, but for {@link #OTHER_HALF_A}. */
  static final int NEXT_ROWS_A = 16 * ROW_PAIRS_A * 4;

  /** Bytes between fragments of A of both halves of a stage's terms. */
  static final int OTHER_HALF_A = 32;

  /** Loads of a thread for one stage of A: of both rows of two pairs. */
  static final int LOADS_A = 4;

  /** Pairs of A's stage from the pair of one column to that of the next. */
  static final int NEXT_STORED_A = ROW_PAIRS_A;

  /** From a thread's load of B to its next one in a stage. */
  static final int NEXT_STORED_B = MmaTile.STEP / MmaTile.LOADS_B * ROW_QUADS_B;

  private OuterTile() {}

  /** The term, a row in global memory, that is a thread's first load of A. */
  static int loadedTermA(int thread) {
    return (thread >> 7) * 8 + ((thread >> 3) & 3) * 2;
  }

  /** How many terms after its first load a thread's load number {@code load} of A is. */
  static int termOfLoadA(int load) {
    return load / 2 * (MmaTile.STEP / 2) + load % 2;
  }

  /** The first of the four rows of the tile that a thread loads of A. */
  static int loadedRowA(int thread) {
    return ((thread >> 5) & 3) * 32 + (thread & 7) * 4;
  }

  /**
   * Where in A's stage a thread stores a pair of terms of the first of its rows; those of the
   * others lie {@link #NEXT_STORED_A} further each.
   *
   * @param pair 0 or 1
   */
  static int storedA(int thread, int pair) {
    int chunk = (pair * 2 + (thread >> 7)) ^ ((thread >> 1) & 3);
    return loadedRowA(thread) * ROW_PAIRS_A + chunk * 4 + ((thread >> 3) & 3);
  }

  /** Where in B's stage a thread stores its first load. */
  static int storedB(int thread) {
    int term = thread >> 5;
    int quad = thread & 31;
    return term * ROW_QUADS_B + ((quad >> 1) ^ (term & 7)) * 2 + (quad & 1);
  }

  /** Of two columns of a first and a second row, the pair of the column in the lower half. */
  static int evenPair(int first, int second) {
    return (first & 0xFFFF) | (second << 16);
  }

  /** The pair of the column in the upper half. */
  static int oddPair(int first, int second) {
    return ((first >> 16) & 0xFFFF) | (second & 0xFFFF0000);
  }

  /**
   * Offset in bytes, for this thread, of its warp's first fragment of A in the first half; those of
   * odd fragments, and those of the other half, lie {@link #OTHER_HALF_A} further, those that are
   * both do not.
   */
  static int fragmentA(int thread) {
    int row = thread & 15;
    int side = (thread >> 4) & 1;
    int chunk = side ^ (row >> 3);
    return (MmaTile.warpRow(thread) + row) * (ROW_PAIRS_A * 4)
        + chunk * 16
        - (row * 32 + side * 16);
  }
}
