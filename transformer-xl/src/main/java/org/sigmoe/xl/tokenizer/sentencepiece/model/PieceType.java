package org.sigmoe.xl.tokenizer.sentencepiece.model;

/** What a piece stands for. */
public enum PieceType {
  /** A part of a text. */
  NORMAL(1),
  /** What no other piece can spell. */
  UNKNOWN(2),
  /** A mark that no text contains, as the beginning of a sentence. */
  CONTROL(3),
  /** A part of a text that is never split. */
  USER_DEFINED(4),
  /** In the list, but not used for encoding. */
  UNUSED(5),
  /** One byte of the UTF-8 form of a character that no other piece spells. */
  BYTE(6);

  private final int number;

  PieceType(int number) {
    this.number = number;
  }

  /** The number by which a file says it. */
  int number() {
    return number;
  }
}
