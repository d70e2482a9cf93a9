package org.sigmoe.nn.testing.golden;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Rows of K selected indices in one order that does not depend on how they were found: ascending,
 * and among equal indices of a row by a value.
 *
 * @param order flat position of each element in what it was made of
 * @param indices in that order
 */
record Selection(int[] order, long[] indices) {

  /** Orders indices, given [.., K]; the first of the values decides between equal ones of a row. */
  static Selection of(long[] indices, int slots, Map<String, double[]> values) {
    Comparator<Integer> comparator =
        Comparator.comparingInt((Integer position) -> position / slots)
            .thenComparingLong(position -> indices[position]);
    if (!values.isEmpty()) {
      double[] deciding = values.values().iterator().next();
      int each = deciding.length / indices.length;
      comparator = comparator.thenComparingDouble(position -> deciding[position * each]);
    }
    int[] order =
        IntStream.range(0, indices.length)
            .boxed()
            .sorted(comparator)
            .mapToInt(Integer::intValue)
            .toArray();
    return new Selection(order, Arrays.stream(order).mapToLong(i -> indices[i]).toArray());
  }

  /** Values of the indices, one or several each, in the same order. */
  double[] ordered(double[] values) {
    int each = values.length / order.length;
    double[] ordered = new double[values.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(values, order[i] * each, ordered, i * each, each);
    }
    return ordered;
  }
}
