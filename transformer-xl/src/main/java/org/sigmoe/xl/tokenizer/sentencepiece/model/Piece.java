package org.sigmoe.xl.tokenizer.sentencepiece.model;

import java.util.regex.Pattern;

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

  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

  /** The piece for a byte, 0..255. */
  public static Piece ofByte(int value) {
    return new Piece("<0x%02X>".formatted(value), 0, PieceType.BYTE);
  }

  /** Whether the text is that of a byte. */
  boolean isByte() {
    return BYTE.matcher(text).matches();
  }

  /**
   * The byte that a piece of type {@link PieceType#BYTE} stands for, 0..255.
   *
   * @throws IllegalArgumentException if it is of another type
   */
  public int byteValue() {
    if (type != PieceType.BYTE) {
      throw new IllegalArgumentException("'" + text + "' does not stand for a byte");
    }
    return Integer.parseInt(text, 3, 5, 16);
  }
}
