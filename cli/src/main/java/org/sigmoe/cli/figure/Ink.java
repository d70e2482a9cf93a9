package org.sigmoe.cli.figure;

/** A colour by what it is for; a {@link Palette} says which one it is. */
public sealed interface Ink {

  /** What every figure has. */
  enum Role implements Ink {
    /** Titles and labels. */
    TEXT,
    /** Numbers at axes. */
    MUTED,
    /** Lines behind the data. */
    GRID,
    /** Edges of the plot. */
    AXIS,
    /** What it is drawn on. */
    PAPER
  }

  /** One of several things that a figure compares; beyond the palette's, colours come again. */
  record Series(int number) implements Ink {
    /** Checks that the number is not negative. */
    public Series {
      if (number < 0) {
        throw new IllegalArgumentException("number: must be at least 0, got " + number);
      }
    }
  }
}
