package org.sigmoe.cli.figure;

/**
 * How a text is set.
 *
 * @param ink its colour
 * @param size of the type in pixels
 * @param anchor which part of it lies at its place
 * @param weight of the type
 */
public record TextStyle(Ink ink, double size, Anchor anchor, Weight weight) {

  /** Which part of a text lies at its place. */
  public enum Anchor {
    /** Its left end. */
    START,
    /** Its middle. */
    MIDDLE,
    /** Its right end. */
    END
  }

  /** Weights of a type. */
  public enum Weight {
    /** For everything. */
    REGULAR,
    /** For titles. */
    BOLD
  }

  static TextStyle muted(Anchor anchor) {
    return new TextStyle(Ink.Role.MUTED, 12, anchor, Weight.REGULAR);
  }

  static TextStyle label(Ink ink, Anchor anchor) {
    return new TextStyle(ink, 12.5, anchor, Weight.REGULAR);
  }

  static TextStyle title(Anchor anchor) {
    return new TextStyle(Ink.Role.TEXT, 12.5, anchor, Weight.BOLD);
  }

  /**
   * About how wide a text becomes, in pixels. Where it is drawn decides which type it is set in;
   * this is the width in a common one, with something to spare.
   */
  double width(String text) {
    return size * text.codePoints().mapToDouble(TextStyle::em).sum();
  }

  /** Parts of the size. */
  private static double em(int character) {
    if (" .,:;'|!iIjl()[]/-".indexOf(character) >= 0) {
      return 0.34;
    }
    if (character >= 0x2e80) {
      return 1.05;
    }
    if (character == 'm' || character == 'w' || character == 'M' || character == 'W') {
      return 0.95;
    }
    return Character.isUpperCase(character) ? 0.72 : 0.62;
  }
}
