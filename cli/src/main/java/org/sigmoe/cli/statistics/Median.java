package org.sigmoe.cli.statistics;

import java.util.Arrays;

/** The median. */
public final class Median {
  private Median() {}

  /**
   * The middle one of values, or the mean of the two in the middle.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static double of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("values: there must be at least one");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
