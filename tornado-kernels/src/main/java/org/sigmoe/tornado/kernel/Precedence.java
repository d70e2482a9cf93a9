package org.sigmoe.tornado.kernel;

/**
 * Which of two elements of a row comes first in descending order, as 1 or 0: numbers to add, where
 * a branch would part the threads of a warp.
 *
 * <p>Each choice is of one comparison that is false for a NaN, and choices are combined by
 * arithmetic: TornadoVM joins nested choices to conditions, and loses a negation in some (seen in
 * {@code isNumber ? 1 : i < j ? 1 : 0}, compiled to {@code isNumber || i >= j}).
 */
final class Precedence {
  private Precedence() {}

  /** Whether (a, i) comes before (b, j); of equal numbers the lower index does, NaN is last. */
  static int count(float a, int i, float b, int j) {
    int number = isNumber(b);
    int lower = i < j ? 1 : 0;
    // Against a NaN every number comes first, and of NaNs the lower index.
    int againstNaN = Math.max(isNumber(a), lower);
    return number * ordered(a, i, b, j) + (1 - number) * againstNaN;
  }

  /** {@link #count} for elements none of which is a NaN. */
  static int ordered(float a, int i, float b, int j) {
    int lower = i < j ? 1 : 0;
    int greater = a > b ? 1 : 0;
    int equal = a == b ? 1 : 0;
    return greater + equal * lower;
  }

  /** 1 if a is not NaN, else 0. */
  static int isNumber(float a) {
    int greater = a > Float.NEGATIVE_INFINITY ? 1 : 0;
    int least = a == Float.NEGATIVE_INFINITY ? 1 : 0;
    return greater + least;
  }
}
