package org.sigmoe.nn.engine.cpu;

/**
 * Scores of a row as whole numbers in the order in which {@link org.sigmoe.nn.graph.op.TopK} ranks
 * them: larger scores have larger keys, of equal scores that of the lower index, and NaN is below
 * all. Keys of one row are distinct, so that their order is total.
 */
final class RowKeys {
  /** Less than every key. */
  static final long LEAST = Long.MIN_VALUE;

  private RowKeys() {}

  /** The key of a score. */
  static long of(float score, int index) {
    return (long) rank(score) << 32 | ~index & 0xffffffffL;
  }

  /** The index that a key was made of. */
  static int index(long key) {
    return ~(int) key;
  }

  /** Adding 0 makes -0 equal to 0; the magnitude bits of a negative float count down. */
  private static int rank(float score) {
    int bits = Float.floatToRawIntBits(score + 0f);
    return Float.isNaN(score) ? Integer.MIN_VALUE : bits ^ bits >> 31 & Integer.MAX_VALUE;
  }
}
