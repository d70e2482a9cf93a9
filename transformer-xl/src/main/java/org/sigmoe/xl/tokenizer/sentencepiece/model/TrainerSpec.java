package org.sigmoe.xl.tokenizer.sentencepiece.model;

import java.util.Set;

/**
 * The settings by which a model is or was trained, of which some still matter when it is used. The
 * components have the reference's names.
 *
 * @param modelType how texts are cut
 * @param vocabSize V, the length of the list of pieces
 * @param characterCoverage the share of the text's characters, the most frequent, that have pieces
 *     of their own, 0..1
 * @param inputSentenceSize the number of sentences that are sampled from the text; 0 for all
 * @param maxSentenceLength bytes of the longest sentence that is not left out
 * @param maxSentencepieceLength characters of the longest piece
 * @param flags the other settings, by which pieces are restricted
 * @param special which pieces stand for no part of a text
 */
public record TrainerSpec(
    ModelType modelType,
    int vocabSize,
    float characterCoverage,
    long inputSentenceSize,
    int maxSentenceLength,
    int maxSentencepieceLength,
    Set<TrainerFlag> flags,
    SpecialPieces special) {

  /** What holds where nothing is said, in a file and on the reference's command line. */
  public static final TrainerSpec DEFAULTS =
      new TrainerSpec(
          ModelType.UNIGRAM,
          8000,
          0.9995f,
          0,
          4192,
          16,
          TrainerFlag.defaults(),
          SpecialPieces.DEFAULTS);

  /** Checks nothing, since files may say anything; keeps a copy of the flags. */
  public TrainerSpec {
    flags = Set.copyOf(flags);
  }

  /** Whether a flag is on. */
  public boolean has(TrainerFlag flag) {
    return flags.contains(flag);
  }

  /** The same for another type of model. */
  public TrainerSpec withModelType(ModelType type) {
    return new TrainerSpec(
        type,
        vocabSize,
        characterCoverage,
        inputSentenceSize,
        maxSentenceLength,
        maxSentencepieceLength,
        flags,
        special);
  }

  /** The same with another number of pieces. */
  public TrainerSpec withVocabSize(int pieces) {
    return new TrainerSpec(
        modelType,
        pieces,
        characterCoverage,
        inputSentenceSize,
        maxSentenceLength,
        maxSentencepieceLength,
        flags,
        special);
  }

  /** The same with another share of the characters. */
  public TrainerSpec withCharacterCoverage(float coverage) {
    return new TrainerSpec(
        modelType,
        vocabSize,
        coverage,
        inputSentenceSize,
        maxSentenceLength,
        maxSentencepieceLength,
        flags,
        special);
  }

  /** The same with other limits of what is read: sentences (0 for all), and bytes of one. */
  public TrainerSpec withSentences(long sentences, int longest) {
    return new TrainerSpec(
        modelType,
        vocabSize,
        characterCoverage,
        sentences,
        longest,
        maxSentencepieceLength,
        flags,
        special);
  }

  /** The same with another length of the longest piece. */
  public TrainerSpec withMaxSentencepieceLength(int characters) {
    return new TrainerSpec(
        modelType,
        vocabSize,
        characterCoverage,
        inputSentenceSize,
        maxSentenceLength,
        characters,
        flags,
        special);
  }

  /** The same with other flags. */
  public TrainerSpec withFlags(Set<TrainerFlag> others) {
    return new TrainerSpec(
        modelType,
        vocabSize,
        characterCoverage,
        inputSentenceSize,
        maxSentenceLength,
        maxSentencepieceLength,
        others,
        special);
  }
}
