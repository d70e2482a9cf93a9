package org.sigmoe.tornado.kernel;

/**
 * Which of two elements of a row comes first in descending order, as 1 or 0: numbers to add, where
 * a branch would part the threads of a warp.
 *
 * <p>Only comparisons that are false for a NaN occur, and none is negated: compilers for GPUs are
 * not to be relied on for the opposite of such a comparison.
 */
final class Precedence {
  private Precedence() {}

  /** Whether (a, i) comes before (b, j); of equal numbers the lower index does, NaN is last. */
  static int count(float a, int i, float b, int j) {

    int lower = i < j ? 1 : 0;
    int greater = a > b ? 1 : 0;
    int equal = a == b ? lower : 0;
    // Against a NaN every number comes first, and of NaNs the lower index.
    int againstNaN = isNumber(a) == 1 ? 1 : lower;
    return isNumber(b) == 1 ? greater + equal : againstNaN;
  }

  /** {@link #count} for elements none of which is a NaN. */
  static int ordered(float a, int i, float b, int j) {
    int lower = i < j ? 1 : 0;
    int greater = a > b ? 1 : 0;
    int equal = a == b ? lower : 0;
    return greater + equal;
  }

  /** Whether a is not NaN. */
  static int isNumber(float a) {
    int least = a == Float.NEGATIVE_INFINITY ? 1 : 0;
    return a > Float.NEGATIVE_INFINITY ? 1 : least;
  }
}
