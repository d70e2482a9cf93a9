package org.sigmoe.xl.tokenizer;

/**
 * Turns text into tokens 0..V-1 and tokens back into text.
 *
 * <p>A tokenizer is immutable and may be shared between threads. What is remembered between two
 * tokens of one text (half a UTF-8 character, say) lives in a {@link TokenDecoder}.
 */
public interface Tokenizer {

  /** The name under which a run records its tokenizer, for example {@code bytes}. */
  String name();

  /** V, the number of different tokens. */
  int vocabularySize();

  /**
   * The tokens of a text, each in 0..V-1.
   *
   * <p>An unpaired surrogate, which no UTF-8 text can hold, counts as {@code ?}.
   */
  int[] encode(String text);

  /** A new decoder, at the beginning of a text. */
  TokenDecoder decoder();

  /**
   * The text of a whole sequence of tokens.
   *
   * @throws IllegalArgumentException if a token lies outside 0..V-1
   */
  default String decode(int[] tokens) {
    TokenDecoder decoder = decoder();
    StringBuilder text = new StringBuilder(tokens.length);
    for (int token : tokens) {
      text.append(decoder.accept(token));
    }
    return text.append(decoder.finish()).toString();
  }
}
