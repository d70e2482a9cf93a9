package org.sigmoe.cli.command;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.tokenizer.sentencepiece.model.ModelType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.NormalizationRule;
import picocli.CommandLine.Option;

/** The flags by which a model is trained: those of {@code spm_train}, with its defaults. */
final class TokenizerSettings {

  @Option(names = "--vocab-size", paramLabel = "N", description = "Number of pieces (8000)")
  private int vocabSize = TrainerSpec.DEFAULTS.vocabSize();

  @Option(
      names = "--model-type",
      paramLabel = "TYPE",
      description = {
        "bpe (default), trained by Sigmoe itself.",
        "unigram, word, char: by spm_train, where that is installed"
      })
  private String modelType = "bpe";

  @Option(
      names = "--character-coverage",
      paramLabel = "SHARE",
      description = "Share of the text's characters that get pieces of their own (0.9995)")
  private float characterCoverage = TrainerSpec.DEFAULTS.characterCoverage();

  @Option(
      names = "--split-digits",
      negatable = true,
      description = "Every digit is a piece of its own (no; the paper's models: yes)")
  private @Nullable Boolean splitDigits;

  @Option(
      names = "--byte-fallback",
      negatable = true,
      description = "Spell unknown characters by 256 pieces for bytes (no)")
  private @Nullable Boolean byteFallback;

  @Option(
      names = "--normalization-rule-name",
      paramLabel = "NAME",
      description = "nmt_nfkc (default), nfkc or identity")
  private String rule = NormalizationRule.NMT_NFKC.label();

  @Option(
      names = "--add-dummy-prefix",
      negatable = true,
      description = "Texts begin as if a space were before them (yes)")
  private @Nullable Boolean addDummyPrefix;

  @Option(
      names = "--remove-extra-whitespaces",
      negatable = true,
      description = "Of several spaces one is kept, none at the ends (yes)")
  private @Nullable Boolean removeExtraWhitespaces;

  @Option(
      names = "--split-by-whitespace",
      negatable = true,
      description = "Pieces have spaces at their beginning alone (yes)")
  private @Nullable Boolean splitByWhitespace;

  @Option(
      names = "--split-by-unicode-script",
      negatable = true,
      description = "Pieces have letters of one script alone (yes)")
  private @Nullable Boolean splitByUnicodeScript;

  @Option(
      names = "--split-by-number",
      negatable = true,
      description = "Pieces have digits beside digits alone (yes)")
  private @Nullable Boolean splitByNumber;

  @Option(
      names = "--allow-whitespace-only-pieces",
      negatable = true,
      description = "Pieces may be several spaces, as for program text (no)")
  private @Nullable Boolean allowWhitespaceOnlyPieces;

  @Option(
      names = "--max-sentencepiece-length",
      paramLabel = "N",
      description = "Characters of the longest piece (16)")
  private int maxSentencepieceLength = TrainerSpec.DEFAULTS.maxSentencepieceLength();

  @Option(
      names = "--max-sentence-length",
      paramLabel = "BYTES",
      description = "Longer lines are left out (4192)")
  private int maxSentenceLength = TrainerSpec.DEFAULTS.maxSentenceLength();

  @Option(
      names = "--input-sentence-size",
      paramLabel = "N",
      description = "Train on so many lines, sampled at random; 0 (default) for all")
  private long inputSentenceSize = TrainerSpec.DEFAULTS.inputSentenceSize();

  /** What is wanted of the trainer. */
  TrainerSpec trainer() {
    Map<TrainerFlag, @Nullable Boolean> given = new EnumMap<>(TrainerFlag.class);
    given.put(TrainerFlag.SPLIT_DIGITS, splitDigits);
    given.put(TrainerFlag.BYTE_FALLBACK, byteFallback);
    given.put(TrainerFlag.SPLIT_BY_WHITESPACE, splitByWhitespace);
    given.put(TrainerFlag.SPLIT_BY_UNICODE_SCRIPT, splitByUnicodeScript);
    given.put(TrainerFlag.SPLIT_BY_NUMBER, splitByNumber);
    given.put(TrainerFlag.ALLOW_WHITESPACE_ONLY_PIECES, allowWhitespaceOnlyPieces);
    return TrainerSpec.DEFAULTS
        .withModelType(Arguments.oneOf("--model-type", modelType, ModelType.values()))
        .withVocabSize(vocabSize)
        .withCharacterCoverage(characterCoverage)
        .withSentences(inputSentenceSize, maxSentenceLength)
        .withMaxSentencepieceLength(maxSentencepieceLength)
        .withFlags(over(EnumSet.copyOf(TrainerFlag.defaults()), given));
  }

  /** The rules by which texts are normalised. */
  NormalizationRule rule() {
    return Arguments.oneOf("--normalization-rule-name", rule, NormalizationRule.values());
  }

  /** What is done to texts besides. */
  Set<NormalizerFlag> normalizer() {
    Map<NormalizerFlag, @Nullable Boolean> given = new EnumMap<>(NormalizerFlag.class);
    given.put(NormalizerFlag.ADD_DUMMY_PREFIX, addDummyPrefix);
    given.put(NormalizerFlag.REMOVE_EXTRA_WHITESPACES, removeExtraWhitespaces);
    return over(EnumSet.copyOf(NormalizerFlag.defaults()), given);
  }

  private static <F extends Enum<F>> Set<F> over(
      EnumSet<F> flags, Map<F, @Nullable Boolean> given) {
    given.forEach(
        (flag, isOn) -> {
          if (isOn != null) {
            flags.remove(flag);
            if (isOn) {
              flags.add(flag);
            }
          }
        });
    return flags;
  }
}
