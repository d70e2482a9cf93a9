package org.sigmoe.bench.result;

import java.util.Arrays;

/** Milliseconds of the iterations of all processes that measured one thing. */
public record Samples(double... milliseconds) {
  /** At least one. */
  public Samples {
    if (milliseconds.length == 0) {
      throw new IllegalArgumentException("there must be at least one sample");
    }
    milliseconds = milliseconds.clone();
  }

  /** The middle one, or the mean of the two. */
  public double median() {
    double[] sorted = sorted();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** The least. */
  public double least() {
    return sorted()[0];
  }

  /** The most. */
  public double most() {
    return sorted()[milliseconds.length - 1];
  }

  private double[] sorted() {
    double[] sorted = milliseconds.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
