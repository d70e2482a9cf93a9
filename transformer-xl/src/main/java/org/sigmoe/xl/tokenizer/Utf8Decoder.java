package org.sigmoe.xl.tokenizer;

/**
 * Decodes UTF-8 that arrives byte by byte. A character is emitted with its last byte, and nothing
 * is held longer than that.
 *
 * <p>Well-formed is what the Unicode Standard, Table 3-7, says it is: no overlong forms, no
 * surrogates, nothing above U+10FFFF. Of what is ill-formed each maximal subpart becomes one U+FFFD
 * (section 3.9, "U+FFFD Substitution of Maximal Subparts"), as in web browsers: a byte that cannot
 * continue a character ends it with U+FFFD and is then looked at as the start of the next.
 */
public final class Utf8Decoder {

  private static final char REPLACEMENT = '\uFFFD';

  /** Continuation bytes that the current character still lacks; 0 between characters. */
  private int missing;

  /** The bits of the current character so far. */
  private int codePoint;

  /** The least and the greatest byte that may come next, where {@code missing > 0}. */
  private int lowest;

  private int highest;

  /** Takes a byte, 0..255, and appends what it completes: nothing, a character, or U+FFFD. */
  public void accept(int unsignedByte, StringBuilder out) {
    if (missing == 0) {
      start(unsignedByte, out);
    } else if (unsignedByte >= lowest && unsignedByte <= highest) {
      codePoint = codePoint << 6 | unsignedByte & 0x3F;
      lowest = 0x80;
      highest = 0xBF;
      missing--;
      if (missing == 0) {
        out.appendCodePoint(codePoint);
      }
    } else {
      finish(out);
      start(unsignedByte, out);
    }
  }

  /** Whether the byte, 0..255, can come next in well-formed UTF-8. */
  public boolean permits(int unsignedByte) {
    return missing == 0
        ? unsignedByte <= 0x7F || unsignedByte >= 0xC2 && unsignedByte <= 0xF4
        : unsignedByte >= lowest && unsignedByte <= highest;
  }

  /** Whether no character is unfinished. */
  public boolean isBetweenCharacters() {
    return missing == 0;
  }

  /** Gives up an unfinished character, for which it appends U+FFFD. */
  public void finish(StringBuilder out) {
    if (missing > 0) {
      missing = 0;
      out.append(REPLACEMENT);
    }
  }

  private void start(int lead, StringBuilder out) {
    if (lead <= 0x7F) {
      out.append((char) lead);
    } else if (lead < 0xC2 || lead > 0xF4) {
      out.append(REPLACEMENT);
    } else if (lead <= 0xDF) {
      expect(1, lead & 0x1F, 0x80, 0xBF);
    } else if (lead <= 0xEF) {
      // E0 would be overlong below A0, ED a surrogate above 9F
      expect(2, lead & 0x0F, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    } else {
      // F0 would be overlong below 90, F4 beyond U+10FFFF above 8F
      expect(3, lead & 0x07, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    }
  }

  private void expect(int continuations, int leadBits, int lowestNext, int highestNext) {
    missing = continuations;
    codePoint = leadBits;
    lowest = lowestNext;
    highest = highestNext;
  }
}
