package org.sigmoe.nn.engine.reference;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The order of scores that all ops which choose have in common. */
final class Ranking {
  private Ranking() {}

  /**
   * Indices of the {@code k} largest of {@code count} scores, descending. Of equal scores the one
   * with the lower index comes first; NaN ranks lowest.
   */
  static int[] largest(int count, IntToDoubleFunction scores, int k) {
    return IntStream.range(0, count)
        .boxed()
        .sorted((i, j) -> compare(scores.applyAsDouble(i), scores.applyAsDouble(j)))
        .mapToInt(Integer::intValue)
        .limit(k)
        .toArray();
  }

  /**
   * Below 0 if {@code a} comes first. The sort is stable, so that equal scores keep their order.
   */
  private static int compare(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }
    return a == b ? 0 : Double.compare(b, a);
  }
}
