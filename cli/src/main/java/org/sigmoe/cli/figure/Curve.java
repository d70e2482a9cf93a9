package org.sigmoe.cli.figure;

import java.util.List;
import java.util.Map;

/**
 * Something that is followed along the horizontal axis.
 *
 * @param name shown when pointed at
 * @param label at its end; empty for none
 * @param tags what a page may find it by
 * @param stroke its line
 * @param samples from left to right; those that are not finite leave a gap
 * @param style what is drawn of it
 */
public record Curve(
    String name,
    String label,
    Map<String, String> tags,
    Stroke stroke,
    List<Sample> samples,
    Style style) {

  /**
   * A number with what it varies between.
   *
   * @param x where
   * @param y the number
   * @param low at most {@code y}
   * @param high at least {@code y}
   */
  public record Sample(double x, double y, double low, double high) {
    /** A number of which nothing more is known. */
    public static Sample at(double x, double y) {
      return new Sample(x, y, y, y);
    }

    boolean isFinite() {
      return Double.isFinite(x) && Double.isFinite(y);
    }
  }

  /** What is drawn of a curve. */
  public enum Style {
    /** A line. */
    LINE,
    /** A line through points. */
    POINTS,
    /** A line within a band from the low to the high numbers. */
    BAND,
    /** Points with bars from the low to the high numbers, and a faint line. */
    BARS
  }

  /** Copies. */
  public Curve {
    tags = Map.copyOf(tags);
    samples = List.copyOf(samples);
  }

  /** The same curve a distance further to the right. */
  public Curve shifted(double distance) {
    return new Curve(
        name,
        label,
        tags,
        stroke,
        samples.stream().map(s -> new Sample(s.x() + distance, s.y(), s.low(), s.high())).toList(),
        style);
  }
}
