package org.sigmoe.bench.result;

import java.util.Map;

/**
 * What a machine was seen to do at best.
 *
 * @param bytesPerSecond of memory, in streams far larger than any cache
 * @param flopsPerSecond of large square matrix products, by precision ({@code f32}, {@code bf16})
 */
public record Peaks(double bytesPerSecond, Map<String, Double> flopsPerSecond) {
  /** Copies the map. */
  public Peaks {
    flopsPerSecond = Map.copyOf(flopsPerSecond);
  }

  /** With a peak of memory that is no lower than another program's. */
  public Peaks atLeast(double otherBytesPerSecond) {
    return new Peaks(Math.max(bytesPerSecond, otherBytesPerSecond), flopsPerSecond);
  }

  /**
   * Of products in a precision.
   *
   * @throws IllegalArgumentException if it was not measured
   */
  public double flopsPerSecond(String precision) {
    Double peak = flopsPerSecond.get(precision);
    if (peak == null) {
      throw new IllegalArgumentException(
          "no peak was measured for %s, only for %s".formatted(precision, flopsPerSecond.keySet()));
    }
    return peak;
  }
}
