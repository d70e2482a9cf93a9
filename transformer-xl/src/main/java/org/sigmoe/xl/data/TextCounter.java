package org.sigmoe.xl.data;

/**
 * Counts the {@link TextCounts} of UTF-8 that comes in pieces. Bytes that are not well-formed UTF-8
 * count as characters but for those (80 to BF) that would continue one.
 */
public final class TextCounter {
  private long bytes;
  private long characters;
  private long words;
  private boolean inWord;

  /** Counts a byte. */
  public void add(byte next) {
    bytes++;
    if ((next & 0xC0) != 0x80) {
      characters++;
    }
    boolean isSpace = next == ' ' || next >= '\t' && next <= '\r';
    if (!isSpace && !inWord) {
      words++;
    }
    inWord = !isSpace;
  }

  /** Counts some bytes. */
  public void add(byte[] text, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      add(text[i]);
    }
  }

  /** What comes next begins a new word, even if no white space was counted between. */
  public void endText() {
    inWord = false;
  }

  /** What was counted until now, for which there are {@code tokens} tokens. */
  public TextCounts counts(long tokens) {
    return new TextCounts(tokens, bytes, characters, words);
  }
}
