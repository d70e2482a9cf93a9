package org.sigmoe.cli.figure;

import java.util.List;

/**
 * How a line is drawn.
 *
 * @param ink its colour
 * @param width in pixels
 * @param dash its pattern
 * @param opacity in (0, 1]
 */
public record Stroke(Ink ink, double width, Dash dash, double opacity) {

  /** Patterns of a line. */
  public enum Dash {
    /** Unbroken. */
    SOLID(),
    /** Dashes. */
    DASHED(7, 3),
    /** Points. */
    DOTTED(2, 3);

    private final List<Float> pattern;

    Dash(float... pattern) {
      this.pattern = pattern.length == 0 ? List.of() : List.of(pattern[0], pattern[1]);
    }

    /** Drawn and left out pixels in turn; empty for an unbroken line. */
    public List<Float> pattern() {
      return pattern;
    }
  }

  /** An unbroken, opaque line. */
  public static Stroke solid(Ink ink, double width) {
    return new Stroke(ink, width, Dash.SOLID, 1);
  }

  /**
   * The line of one of many series: past the colours of the palette, patterns tell them apart.
   *
   * @param number of the series
   */
  public static Stroke ofSeries(int number, double width) {
    Dash[] dashes = Dash.values();
    return new Stroke(
        new Ink.Series(number), width, dashes[number / Palette.SERIES % dashes.length], 1);
  }

  /** Another width and opacity. */
  public Stroke with(double otherWidth, double otherOpacity) {
    return new Stroke(ink, otherWidth, dash, otherOpacity);
  }
}
