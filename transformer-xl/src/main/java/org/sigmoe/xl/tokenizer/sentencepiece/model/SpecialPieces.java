package org.sigmoe.xl.tokenizer.sentencepiece.model;

/**
 * The pieces that stand for no part of a text.
 *
 * @param unknown the token of what cannot be spelled
 * @param begin the token of a sentence's beginning; -1 for none
 * @param end the token of a sentence's end; -1 for none
 * @param padding the token that fills up; -1 for none
 * @param unknownSurface what the unknown token is decoded to
 */
public record SpecialPieces(int unknown, int begin, int end, int padding, String unknownSurface) {

  /** The reference's: U+2047 between spaces for the unknown, and no padding. */
  public static final SpecialPieces DEFAULTS = new SpecialPieces(0, 1, 2, -1, " \u2047 ");
}
