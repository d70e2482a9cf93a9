package org.sigmoe.xl.tokenizer;

/**
 * Decodes one text token by token, so that generated text can be shown while it grows.
 *
 * <p>Calls: {@link #accept} for every token in order, {@link #permits} between them as often as
 * wanted, {@link #finish} once at the end. Not safe for use by several threads.
 */
public interface TokenDecoder {

  /**
   * Takes the next token and returns the text that is now certain, often one character, empty while
   * a character is unfinished. What cannot be text comes back as U+FFFD, so the concatenation of
   * all results is always well-formed.
   *
   * @throws IllegalArgumentException if the token lies outside 0..V-1
   */
  String accept(int token);

  /**
   * Whether the token can come next in well-formed text. A generator that gives probability 0 to
   * all other tokens never writes U+FFFD for a broken character.
   *
   * @throws IllegalArgumentException if the token lies outside 0..V-1
   */
  boolean permits(int token);

  /** Ends the text: U+FFFD if the last character is unfinished, else empty. */
  String finish();
}
