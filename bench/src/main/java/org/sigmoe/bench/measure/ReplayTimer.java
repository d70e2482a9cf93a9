package org.sigmoe.bench.measure;

import java.util.Arrays;

/**
 * Times a contestant in this process, run by run. It is for devices, whose time no just-in-time
 * compiler changes: a process of its own would take longer to start than the measurement does.
 */
final class ReplayTimer {
  private static final int FIRST_CAPACITY = 1024;

  private ReplayTimer() {}

  /**
   * Milliseconds from a call until its result is there: of each iteration that counts, the median.
   *
   * @param warmUps iterations that do not count
   * @param iterations that count
   * @param seconds of an iteration, which has one run at least
   */
  static double[] medians(Contestant contestant, int warmUps, int iterations, double seconds) {
    double[] medians = new double[iterations];
    for (int i = -warmUps; i < iterations; i++) {
      double median = median(contestant, Math.round(1e9 * seconds));
      if (i >= 0) {
        medians[i] = median;
      }
    }
    return medians;
  }

  private static double median(Contestant contestant, long nanoseconds) {
    long[] times = new long[FIRST_CAPACITY];
    int runs = 0;
    long start = System.nanoTime();
    long begin = start;
    do {
      contestant.run();
      long end = System.nanoTime();
      if (runs == times.length) {
        times = Arrays.copyOf(times, 2 * runs);
      }
      times[runs++] = end - begin;
      begin = end;
    } while (begin - start < nanoseconds);
    Arrays.sort(times, 0, runs);
    return (times[(runs - 1) / 2] + times[runs / 2]) / 2e6;
  }
}
