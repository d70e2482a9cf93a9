package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.model.Piece;
import org.sigmoe.xl.tokenizer.sentencepiece.model.PieceType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SentencePieceModel;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.TextNormalizer;

/**
 * Trains a BPE model on texts.
 *
 * <pre>{@code
 * TrainerSpec spec = TrainerSpec.DEFAULTS.withModelType(ModelType.BPE).withVocabSize(8000);
 * NormalizerSpec normalizer = NormalizationRule.NMT_NFKC.spec(NormalizerFlag.defaults());
 * BpeTrainer trainer = new BpeTrainer(spec, normalizer, TrainingProgress.NONE);
 * try (InputStream text = Files.newInputStream(file)) {
 *   trainer.read(text);
 * }
 * trainer.train().write(Path.of("my.model"));
 * }</pre>
 *
 * <p>A line is a sentence. The same texts in whatever order give the same model, unless sentences
 * are sampled. Memory is taken by the different words, not by the text: about 25 bytes for each of
 * their characters and 60 for each word. Where pieces may have spaces inside ({@code
 * split_by_whitespace} off), whole sentences are the words.
 */
public final class BpeTrainer {
  /** No sentence with this character is trained on: the reference marks unknown ones by it. */
  private static final byte[] UNKNOWN_MARK = {(byte) 0xE2, (byte) 0x96, (byte) 0x85};

  private final TrainerSpec spec;
  private final NormalizerSpec normalizerSpec;
  private final TrainingProgress progress;
  private final TextNormalizer normalizer;
  private final WordCounts words = new WordCounts();
  private final WordSplitter splitter;
  private final @Nullable SentenceSample sample;
  private final SentenceReader reader;
  private long markedSentences;

  /**
   * A trainer that has read nothing yet.
   *
   * @param spec what is wanted; the model carries it
   * @param normalizer what is done to sentences, in training as later
   * @throws IllegalArgumentException if a setting is out of range or not for this trainer; the
   *     message begins with its name
   */
  public BpeTrainer(TrainerSpec spec, NormalizerSpec normalizer, TrainingProgress progress) {
    requireTrainable(spec, normalizer.flags());
    this.spec = spec;
    this.normalizerSpec = normalizer;
    this.progress = progress;
    this.normalizer = new TextNormalizer(normalizer, TextNormalizer.AddedSpace.BEFORE, List.of());
    splitter = new WordSplitter(spec, words);
    sample = spec.inputSentenceSize() > 0 ? new SentenceSample(spec.inputSentenceSize()) : null;
    SentenceReader.Sink sink = sample == null ? this::count : sample;
    reader =
        new SentenceReader(
            spec.maxSentenceLength(),
            (bytes, from, to) -> {
              if (isMarked(bytes, from, to)) {
                markedSentences++;
              } else {
                sink.accept(bytes, from, to);
              }
            },
            progress);
  }

  /**
   * Checks settings, before time is spent on rules or texts.
   *
   * @return the settings
   * @throws IllegalArgumentException as the constructor
   */
  public static TrainerSpec requireTrainable(TrainerSpec spec, Set<NormalizerFlag> flags) {
    BpeSettings.check(spec, flags);
    return spec;
  }

  /**
   * Reads a text, in UTF-8, to its end. What is not UTF-8 is U+FFFD.
   *
   * @throws IOException if it cannot be read
   */
  public void read(InputStream text) throws IOException {
    reader.read(text);
  }

  /**
   * Trains on what was read; to be called once.
   *
   * @throws TokenizerException if the text is too small for so many pieces, or has more characters
   */
  public SentencePieceModel train() {
    tellSkipped();
    if (sample != null) {
      sample.forEach(sentence -> count(sentence, 0, sentence.length));
    }
    List<Piece> pieces = specialPieces();
    WordCharacters characters = WordCharacters.of(words, pieces.stream().map(Piece::text).toList());
    Alphabet alphabet = Alphabet.of(characters.frequencies(), spec.characterCoverage());
    progress.note(
        "%,d different words of %,d characters; %,d of the alphabet"
            .formatted(words.size(), characters.cells().length, alphabet.size()));
    int wanted = spec.vocabSize() - pieces.size() - alphabet.size();
    if (wanted < 0) {
      throw new TokenizerException(
          ("--vocab-size %,d is too small: %,d characters are needed to cover %s of the text, and"
                  + " %d other pieces; make it larger, or --character-coverage smaller")
              .formatted(
                  spec.vocabSize(), alphabet.size(), spec.characterCoverage(), pieces.size()));
    }
    int special = pieces.size();
    Merges merges = new Merges(characters, alphabet, new PieceRules(spec, alphabet));
    for (int rank = 0; rank < wanted; rank++) {
      String text = merges.next();
      if (text == null) {
        throw new TokenizerException(
            "the text has no more than %,d pieces: make --vocab-size so small, or give more text"
                .formatted(special + rank + alphabet.size()));
      }
      pieces.add(new Piece(text, -(float) rank, PieceType.NORMAL));
      if (rank % Math.max(1, wanted / 100) == 0) {
        progress.merged(rank, wanted);
      }
    }
    progress.merged(wanted, wanted);
    for (int character : alphabet.byFrequency()) {
      pieces.add(
          new Piece(Character.toString(character), special - pieces.size(), PieceType.NORMAL));
    }
    return new SentencePieceModel(pieces, spec, normalizerSpec);
  }

  private void count(byte[] sentence, int from, int to) {
    int length = normalizer.normalize(sentence, from, to);
    splitter.split(normalizer.result(), length);
  }

  private static boolean isMarked(byte[] text, int from, int to) {
    for (int i = from; i + UNKNOWN_MARK.length <= to; i++) {
      if (text[i] == UNKNOWN_MARK[0]
          && text[i + 1] == UNKNOWN_MARK[1]
          && text[i + 2] == UNKNOWN_MARK[2]) {
        return true;
      }
    }
    return false;
  }

  private void tellSkipped() {
    if (reader.tooLongSentences() > 0) {
      progress.note(
          "%,d lines left out that have more than %,d bytes"
              .formatted(reader.tooLongSentences(), spec.maxSentenceLength()));
    }
    if (markedSentences > 0) {
      progress.note(
          "%,d lines left out that have U+2585, by which trainers mark unknown characters"
              .formatted(markedSentences));
    }
  }

  private List<Piece> specialPieces() {
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece("<unk>", 0, PieceType.UNKNOWN));
    pieces.add(new Piece("<s>", 0, PieceType.CONTROL));
    pieces.add(new Piece("</s>", 0, PieceType.CONTROL));
    if (spec.has(TrainerFlag.BYTE_FALLBACK)) {
      for (int value = 0; value < 1 << Byte.SIZE; value++) {
        pieces.add(Piece.ofByte(value));
      }
    }
    return pieces;
  }
}
