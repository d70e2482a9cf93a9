package org.sigmoe.xl.data.documents;

/**
 * How texts are taken from a file.
 *
 * @param plain what is a text in a file that is text itself
 * @param field which field of a JSON object, or column of a parquet file, is the text
 * @param longest the most bytes that a line or text may have
 */
public record TextLayout(Plain plain, String field, int longest) {

  /** The field that C4, peS2o and most others keep their texts in. */
  public static final String DEFAULT_FIELD = "text";

  /** Far longer than any document of them: 64 MiB. */
  public static final int DEFAULT_LONGEST = 64 << 20;

  /** What is a text in a file that is text itself. */
  public enum Plain {
    /** All of it, as it is. It comes in pieces, which end between two characters. */
    WHOLE,
    /** Each line by itself, without its end. Empty lines are none. */
    LINES
  }

  /** Checks that a text may have a byte. */
  public TextLayout {
    if (longest < 1) {
      throw new IllegalArgumentException("longest: must be at least 1, got " + longest);
    }
  }

  /** With the default field and limit. */
  public static TextLayout of(Plain plain) {
    return new TextLayout(plain, DEFAULT_FIELD, DEFAULT_LONGEST);
  }
}
