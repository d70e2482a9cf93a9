package org.sigmoe.tornado.engine.op;

import java.util.ArrayList;
import java.util.List;

/**
 * How much of an attention is computed at a time, as memory for scores is limited: several whole
 * heads, or some batch rows of one head. Scores of one head of one batch row are a matrix; matrices
 * are numbered h*B + b.
 *
 * @param batch B
 * @param heads H
 * @param matrices of all chunks but the last: a multiple or a divisor of B
 */
record AttentionChunks(int batch, int heads, int matrices) {
  /** More parts of the sums over the batch would cost more to add up than they gain in speed. */
  private static final int MOST_PARTS = 16;

  /**
   * Matrices that are computed at a time.
   *
   * @param first number of the first one
   * @param heads whose matrices they are
   * @param batch rows of the batch of each head
   */
  record Chunk(int first, int heads, int batch) {
    int matrices() {
      return heads * batch;
    }
  }

  /**
   * As few as can be, of equal size.
   *
   * @param bytesOfMatrix memory that one matrix needs
   * @param limit bytes that a chunk should need at most; it has one matrix at least
   */
  static AttentionChunks of(int batch, int heads, long bytesOfMatrix, long limit) {
    long fitting = Math.max(1, limit / bytesOfMatrix);
    if (fitting >= batch) {
      int most = (int) Math.min(heads, fitting / batch);
      int chunks = Math.ceilDiv(heads, most);
      return new AttentionChunks(batch, heads, batch * Math.ceilDiv(heads, chunks));
    }
    return new AttentionChunks(batch, heads, largestDivisor(batch, (int) fitting));
  }

  private static int largestDivisor(int number, int most) {
    int divisor = most;
    while (number % divisor != 0) {
      divisor--;
    }
    return divisor;
  }

  /** All chunks, in order. */
  List<Chunk> all() {
    List<Chunk> chunks = new ArrayList<>();
    int all = batch * heads;
    for (int first = 0; first < all; first += matrices) {
      int count = Math.min(matrices, all - first);
      chunks.add(new Chunk(first, Math.ceilDiv(count, batch), Math.min(count, batch)));
    }
    return chunks;
  }

  /**
   * Batch rows over which one product sums: a divisor of B and of the batch rows of a chunk. Sums
   * over the whole batch at once would be too few products to fill a GPU.
   */
  int batchOfSum() {
    int rows = Math.min(matrices, batch);
    int sum = 1;
    while (rows % sum != 0 || (batch / sum > MOST_PARTS && sum < rows)) {
      sum++;
    }
    return sum;
  }
}
