package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * How the warps of {@link AttentionGradientMmaKernels} write weights and gradients of a tile of
 * keys: a thread writes four elements of each fourth row of its warp's queries, and a column of
 * gradients where these have their positions, which differ from row to row.
 */
final class ScoreGradients {
  /** Rows of which a thread writes four elements. */
  static final int ROWS = ScoreTile.WARP_QUERIES / 4;

  private ScoreGradients() {}

  /** The first pair of weights, or gradients, in local memory that a thread writes. */
  static int rowPair(int thread) {
    int row = ScoreTile.warpQuery(thread) + firstRow(thread);
    return row * ScoreTile.WEIGHT_PAIRS + 2 * (thread & 7);
  }

  /** From there to that of row number n. */
  static int nextRows(int n) {
    return 4 * n * ScoreTile.WEIGHT_PAIRS;
  }

  /** The pair with the first element of a thread's column. */
  static int columnPair(int thread) {
    return ScoreTile.warpQuery(thread) * ScoreTile.WEIGHT_PAIRS + ((thread & 31) >> 1);
  }

  private static int firstRow(int thread) {
    return (thread & 31) >> 3;
  }

  /**
   * Writes a thread's part of a tile.
   *
   * @param scores weights of each matrix, and gradients for content behind them
   * @param dposition gradients for positions
   * @param weights of {@value #ROWS} rows, and so are gradients
   * @param column of gradients
   * @param whole whether there are all queries of the group and they see all keys of the tile
   * @param firstQuery of the group
   */
  static void set(
      LongArray scores,
      ShortArray dposition,
      long[] weights,
      long[] gradients,
      int[] column,
      boolean whole,
      int thread,
      int matrix,
      int firstQuery,
      int tileKey,
      int queries,
      int keys,
      int pitch) {
    int query = firstQuery + ScoreTile.warpQuery(thread);
    int row = query + firstRow(thread);
    int nextMatrix = queries * (pitch / 4);
    int at = 2 * matrix * nextMatrix + row * (pitch / 4) + (thread & 7) + tileKey / 4;
    int key = tileKey + (thread & 31);
    int positions = (matrix * queries + query) * pitch;
    if (whole) {
      for (int n = 0; n < ROWS; n++) {
        scores.set(at + n * pitch, weights[n]);
        scores.set(at + n * pitch + nextMatrix, gradients[n]);
      }
      // Of visible keys, so that no position is beyond the last one.
      int first = positions + key + queries - 1 - query;
      for (int n = 0; n < ScoreTile.WARP_QUERIES; n++) {
        dposition.set(first + n * (pitch - 1), (short) column[n]);
      }
    } else {
      for (int n = 0; n < ROWS; n++) {
        if (row + 4 * n < queries) {
          scores.set(at + n * pitch, weights[n]);
          scores.set(at + n * pitch + nextMatrix, gradients[n]);
        }
      }
      for (int n = 0; n < ScoreTile.WARP_QUERIES; n++) {
        int c = positionOf(key, query + n, queries, keys);
        if (query + n < queries && key < keys) {
          dposition.set(positions + n * pitch + c, (short) column[n]);
        }
      }
    }
  }

  /** Where a query has the position of a key; of a hidden one, where it has no position. */
  private static int positionOf(int key, int i, int queries, int keys) {
    int position = key + queries - 1 - i;
    return position < keys ? position : position - keys;
  }
}
