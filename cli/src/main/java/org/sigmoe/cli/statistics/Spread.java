package org.sigmoe.cli.statistics;

import java.util.Arrays;

/**
 * A quantity over several seeds.
 *
 * @param count how many seeds
 * @param mean the mean
 * @param deviation the standard deviation of a sample (of n - 1); 0 for a single seed, which tells
 *     nothing of it
 * @param least the lowest
 * @param most the highest
 */
public record Spread(int count, double mean, double deviation, double least, double most) {

  /** Of at least one value. */
  public static Spread of(double... values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return new Spread(
        values.length,
        mean,
        values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1)),
        Arrays.stream(values).min().orElseThrow(),
        Arrays.stream(values).max().orElseThrow());
  }
}
