package org.sigmoe.xl.train;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * Finds values that stand far above those before them.
 *
 * <p>A spike is more than {@value #DEVIATIONS} robust standard deviations above the median of the
 * {@value #WINDOW} values before it, and more than a given factor. All is measured on logarithms,
 * since losses and norms of gradients are positive and spread by factors. The robust standard
 * deviation is 1.4826 times the median absolute deviation, which a spike among the values before
 * does not move (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993, who call outliers
 * what is beyond 3.5; a long run is asked tens of thousands of times, hence more here). The factor
 * keeps silent where values hardly differ.
 *
 * <p>Nothing is said of the first {@value #LEAST} values, nor of the {@value #WINDOW} that follow a
 * spike: it is told once, and values that stay high have become the usual ones by then.
 */
final class SpikeWatch {
  static final int WINDOW = 50;
  static final int LEAST = 20;
  static final double DEVIATIONS = 5;
  private static final double DEVIATION_OF_MAD = 1.4826;

  private final double leastFactor;
  private final Deque<Double> logs = new ArrayDeque<>();
  private int silent;

  /**
   * Has seen nothing yet.
   *
   * @param leastFactor how many times the median a spike is at least, above 1
   */
  SpikeWatch(double leastFactor) {
    this.leastFactor = leastFactor;
  }

  /**
   * A value that stands out.
   *
   * @param value the value
   * @param median of those before it
   */
  record Spike(double value, double median) {
    /** How many times the median it is. */
    double factor() {
      return value / median;
    }
  }

  /** Looks at the next value. */
  Optional<Spike> next(double value) {
    Optional<Spike> spike = spike(value);
    add(value);
    if (spike.isPresent() && silent == 0) {
      silent = WINDOW;
      return spike;
    }
    silent = Math.max(0, silent - 1);
    return Optional.empty();
  }

  /** Takes note of a value without looking at it, as of one from before a run was resumed. */
  void add(double value) {
    if (value > 0) {
      logs.addLast(Math.log(value));
      if (logs.size() > WINDOW) {
        logs.removeFirst();
      }
    }
  }

  private Optional<Spike> spike(double value) {
    if (logs.size() < LEAST || !(value > 0)) {
      return Optional.empty();
    }
    double[] before = logs.stream().mapToDouble(Double::doubleValue).toArray();
    double median = median(before);
    double deviation =
        DEVIATION_OF_MAD
            * median(Arrays.stream(before).map(log -> Math.abs(log - median)).toArray());
    double excess = Math.log(value) - median;
    return excess > DEVIATIONS * deviation && excess > Math.log(leastFactor)
        ? Optional.of(new Spike(value, Math.exp(median)))
        : Optional.empty();
  }

  private static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
