package org.sigmoe.xl.tokenizer.sentencepiece;

import java.util.Set;

/**
 * The settings by which a model was trained, of which some still matter when it is used.
 *
 * @param type how texts are cut
 * @param vocabularySize V, that of the list of pieces
 * @param characterCoverage the share of the characters of the text that have pieces of their own
 * @param inputSentenceSize the number of sentences trained on at most; 0 for all
 * @param maxSentenceLength bytes of the longest sentence that was not left out
 * @param maxPieceLength characters of the longest piece allowed
 * @param flags the others, by which pieces are restricted
 * @param special which pieces stand for no text
 */
public record TrainerSpec(
    ModelType type,
    int vocabularySize,
    float characterCoverage,
    long inputSentenceSize,
    int maxSentenceLength,
    int maxPieceLength,
    Set<TrainerFlag> flags,
    SpecialPieces special) {

  /** Checks nothing; keeps a copy of the flags. */
  public TrainerSpec {
    flags = Set.copyOf(flags);
  }
}
