package org.sigmoe.xl.tokenizer.sentencepiece.model;

/** How a model cuts a text into pieces. */
public enum ModelType {
  /** The most probable pieces under a unigram language model. */
  UNIGRAM(1),
  /** Byte-pair encoding: pairs are merged, the best first. */
  BPE(2),
  /** Between spaces. */
  WORD(3),
  /** Into characters. */
  CHAR(4);

  private final int number;

  ModelType(int number) {
    this.number = number;
  }

  /** The number by which a file says it. */
  int number() {
    return number;
  }
}
