package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.util.Set;
import org.sigmoe.xl.tokenizer.sentencepiece.model.ModelType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SpecialPieces;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;

/** The ranges of settings, which are the reference's, and what this trainer does not do. */
final class BpeSettings {
  private static final int LARGEST_VOCABULARY = 10_000_000;
  private static final float LEAST_COVERAGE = 0.98f;
  private static final int LONGEST_PIECE = 512;
  private static final int SHORTEST_SENTENCE = 10;
  private static final int LONGEST_SENTENCE = 1 << 30;
  private static final int SMALLEST_SAMPLE = 100;

  private BpeSettings() {}

  /** Throws IllegalArgumentException with a message that begins with the name of the setting. */
  static void check(TrainerSpec spec, Set<NormalizerFlag> flags) {
    require(spec.modelType() == ModelType.BPE, "modelType: must be bpe for this trainer");
    range("vocabSize", spec.vocabSize(), 1, LARGEST_VOCABULARY);
    require(
        spec.characterCoverage() >= LEAST_COVERAGE && spec.characterCoverage() <= 1,
        "characterCoverage: must be %s to 1, got %s"
            .formatted(LEAST_COVERAGE, spec.characterCoverage()));
    require(
        spec.inputSentenceSize() == 0
            || spec.inputSentenceSize() > SMALLEST_SAMPLE
                && spec.inputSentenceSize() <= Integer.MAX_VALUE,
        "inputSentenceSize: must be 0 for all sentences, or more than %d, got %d"
            .formatted(SMALLEST_SAMPLE, spec.inputSentenceSize()));
    range("maxSentenceLength", spec.maxSentenceLength(), SHORTEST_SENTENCE, LONGEST_SENTENCE);
    range("maxSentencepieceLength", spec.maxSentencepieceLength(), 1, LONGEST_PIECE);
    require(
        !spec.has(TrainerFlag.TREAT_WHITESPACE_AS_SUFFIX),
        "treatWhitespaceAsSuffix: is not for this trainer");
    require(
        spec.special().equals(SpecialPieces.DEFAULTS),
        "special: other pieces than unknown 0, begin 1 and end 2 are not for this trainer");
    require(
        flags.contains(NormalizerFlag.ESCAPE_WHITESPACES),
        "escapeWhitespaces: must be on in training");
  }

  private static void range(String name, int value, int least, int greatest) {
    require(
        value >= least && value <= greatest,
        "%s: must be %d to %d, got %d".formatted(name, least, greatest, value));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
