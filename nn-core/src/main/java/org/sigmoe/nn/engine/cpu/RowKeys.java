package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Scores of a row as whole numbers in the order in which {@link org.sigmoe.nn.graph.op.TopK} ranks
 * them: larger scores have larger keys, of equal scores that of the lower index, and NaN is below
 * all. Keys of one row are distinct, so that their order is total.
 */
final class RowKeys {
  /** Less than every key. */
  static final long LEAST = Long.MIN_VALUE;

  /** Bits of infinity; those of every NaN, less sign, are above. */
  private static final int INFINITY = 0x7F800000;

  private RowKeys() {}

  /** The key of a score. */
  static long of(float score, int index) {
    return of(rank(score), index);
  }

  /** The key of a score of that rank. */
  static long of(int rank, int index) {
    return (long) rank << 32 | ~index & 0xffffffffL;
  }

  /** The index that a key was made of. */
  static int index(long key) {
    return ~(int) key;
  }

  /** The ranks of scores. */
  static IntVector ranks(FloatVector scores) {
    IntVector bits = scores.add(0f).viewAsIntegralLanes();
    IntVector ranks =
        bits.lanewise(
            VectorOperators.XOR, bits.lanewise(VectorOperators.ASHR, 31).and(Integer.MAX_VALUE));
    VectorMask<Integer> nan = bits.and(Integer.MAX_VALUE).compare(VectorOperators.GT, INFINITY);
    return ranks.blend(Integer.MIN_VALUE, nan);
  }

  /**
   * Its place among scores. Adding 0 makes -0 equal to 0; the magnitude bits of a negative float
   * count down.
   */
  static int rank(float score) {
    int bits = Float.floatToRawIntBits(score + 0f);
    return Float.isNaN(score) ? Integer.MIN_VALUE : bits ^ bits >> 31 & Integer.MAX_VALUE;
  }
}
