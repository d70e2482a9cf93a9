package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

/** Characters in UTF-8. */
public final class Utf8 {
  private Utf8() {}

  /**
   * The number of bytes of the character at a place; 0 if there is no well-formed one (the Unicode
   * Standard, Table 3-7).
   */
  public static int length(byte[] text, int from, int to) {
    int lead = Byte.toUnsignedInt(text[from]);
    if (lead <= 0x7F) {
      return 1;
    }
    int length = lead < 0xC2 ? 0 : lead <= 0xDF ? 2 : lead <= 0xEF ? 3 : lead <= 0xF4 ? 4 : 0;
    if (length == 0 || from + length > to) {
      return 0;
    }
    int second = Byte.toUnsignedInt(text[from + 1]);
    // E0 would be overlong below A0, F0 below 90; ED a surrogate above 9F; F4 beyond U+10FFFF
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int greatest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > greatest) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((text[from + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** The well-formed character at a place, of so many bytes. */
  public static int codePoint(byte[] text, int from, int length) {
    if (length == 1) {
      return text[from];
    }
    int codePoint = text[from] & 0xFF >> length + 1;
    for (int i = 1; i < length; i++) {
      codePoint = codePoint << 6 | text[from + i] & 0x3F;
    }
    return codePoint;
  }
}
