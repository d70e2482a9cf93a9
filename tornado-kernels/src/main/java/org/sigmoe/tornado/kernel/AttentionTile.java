package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.WorkerGrid1D;

/**
 * How {@link RelativeAttentionKernels} and {@link RelativeAttentionGradientKernels} cut the scores
 * of a head into tiles: a workgroup of 8 by 8 threads works on {@code 8 queryRows} queries and
 * {@code 8 keyRows} keys at a time.
 *
 * <p>Thread (y, x) computes the scores of queries y + 8 a and keys x + 8 n, and of products with
 * the head's P columns the columns x + 8 m. So each product is a small matrix in a thread's
 * registers, neighbouring threads read neighbouring addresses, and the scores [a, n] need only
 * {@code queryRows + keyRows - 1} rows of positions, as they share that of the offset n - a.
 *
 * @param queryRows queries of a tile that a thread works on
 * @param keyRows keys of a tile that a thread works on
 */
public record AttentionTile(int queryRows, int keyRows) {
  /** Threads of a workgroup along queries, and along keys or columns. */
  static final int SIDE = 8;

  /** Threads of a workgroup. */
  static final int THREADS = SIDE * SIDE;

  /** Local memory that a kernel may have on CUDA, in floats. */
  private static final int LOCAL_FLOATS = 48 * 1024 / Float.BYTES;

  /** Up to so many queries a thread of the forward pass takes one: more would be mostly padding. */
  private static final int FEW_QUERIES = SIDE;

  /**
   * The tile for {@link RelativeAttentionKernels#forward}.
   *
   * @param queries T
   * @param size P, columns of a head
   * @throws IllegalArgumentException when heads are too large for local memory
   */
  public static AttentionTile forward(int queries, int size) {
    for (int rows = 4; rows > 0; rows /= 2) {
      AttentionTile tile = new AttentionTile(queries <= FEW_QUERIES ? 1 : rows, rows);
      if (tile.forwardFloats(size) <= LOCAL_FLOATS) {
        return tile;
      }
    }
    throw tooLarge(size);
  }

  /**
   * The tile, of as many queries as keys, for {@link RelativeAttentionGradientKernels#gradient}.
   *
   * @param size P, columns of a head
   * @throws IllegalArgumentException when heads are too large for local memory
   */
  public static AttentionTile gradient(int size) {
    for (int rows = 4; rows > 0; rows /= 2) {
      AttentionTile tile = new AttentionTile(rows, rows);
      if (tile.gradientFloats(size) <= LOCAL_FLOATS) {
        return tile;
      }
    }
    throw tooLarge(size);
  }

  private static IllegalArgumentException tooLarge(int size) {
    return new IllegalArgumentException(
        "relative attention on TornadoVM: a head of "
            + size
            + " columns does not fit into the 48 KB of local memory; use more and smaller heads");
  }

  /** Local memory of the forward pass: queries, keys, values, positions, their bias, scores. */
  private int forwardFloats(int size) {
    int rows = queries() + 2 * keys() + positions();
    return rows * pitch(size) + SIDE + THREADS + queries() * scorePitch(keys());
  }

  /** Local memory of the gradient: queries, their gradients, keys, positions, bias, scores. */
  private int gradientFloats(int size) {
    int rows = 2 * queries() + keys() + positions();
    return (rows * pitch(size) + 4 * SIDE) + THREADS + (queries() * scorePitch(keys()) + SIDE);
  }

  private int queries() {
    return SIDE * queryRows;
  }

  private int keys() {
    return SIDE * keyRows;
  }

  private int positions() {
    return queries() + keys();
  }

  /** Blocks that {@code queries} queries are cut into. */
  private int blocks(int queries) {
    return Math.ceilDiv(queries, queries());
  }

  /** Launch shape of the forward pass: a workgroup for each block of queries of each head. */
  public WorkerGrid1D forwardThreads(int batch, int heads, int queries) {
    return groups(Math.multiplyExact(batch * heads, blocks(queries)));
  }

  /** Launch shape of the gradient: a workgroup for each head of each batch row. */
  public WorkerGrid1D gradientThreads(int batch, int heads) {
    return groups(batch * heads);
  }

  private static WorkerGrid1D groups(int count) {
    WorkerGrid1D threads = new WorkerGrid1D(Math.multiplyExact(count, THREADS));
    threads.setLocalWork(THREADS, 1, 1);
    return threads;
  }

  /** Columns of a head that a thread works on. */
  static int columns(int size) {
    return (size + SIDE - 1) / SIDE;
  }

  /** Floats from row to row of a tile of operands: odd, so that rows begin in different banks. */
  static int pitch(int size) {
    return size | 1;
  }

  /** Floats from row to row of a tile of scores: rows that are used at once lie 8 banks apart. */
  static int scorePitch(int keys) {
    return keys + SIDE;
  }

  /** Where a tile has the element of a row and column; behind its last row if there is none. */
  static int slot(int row, int column, int size, int pitch, int rowsOfTile) {
    return column < size ? row * pitch + column : rowsOfTile * pitch + (column & (SIDE - 1));
  }
}
