package org.sigmoe.xl.tokenizer.sentencepiece;

/**
 * An entry of a vocabulary; its index in the list of pieces is its token.
 *
 * @param text what it spells, with U+2581 for a space; of a byte {@code <0x00>} to {@code <0xFF>}
 * @param score the log probability of a unigram model; of a BPE model, where a greater one is
 *     merged earlier, minus the rank of the merge
 * @param type what it stands for
 */
public record Piece(String text, float score, PieceType type) {

  /** The character that stands for a space. */
  public static final char SPACE = '\u2581';

  /** The piece for a byte, 0..255. */
  public static Piece ofByte(int value) {
    return new Piece("<0x%02X>".formatted(value), 0, PieceType.BYTE);
  }

  /**
   * The byte that a piece of type {@link PieceType#BYTE} stands for, 0..255.
   *
   * @throws NumberFormatException if its text is not that of a byte
   */
  int byteValue() {
    return Integer.parseInt(text, 3, 5, 16);
  }
}
