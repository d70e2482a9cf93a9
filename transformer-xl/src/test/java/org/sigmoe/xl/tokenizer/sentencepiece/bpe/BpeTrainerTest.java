package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.Fixture;
import org.sigmoe.xl.tokenizer.sentencepiece.ReferenceProgram;
import org.sigmoe.xl.tokenizer.sentencepiece.SentencePieceTokenizer;
import org.sigmoe.xl.tokenizer.sentencepiece.model.ModelType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.model.Piece;
import org.sigmoe.xl.tokenizer.sentencepiece.model.PieceType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SentencePieceModel;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.NormalizationRule;

class BpeTrainerTest {
  private static final NormalizerSpec IDENTITY =
      new NormalizerSpec("identity", ByteString.EMPTY, NormalizerFlag.defaults());
  private static final TrainerSpec SPEC =
      TrainerSpec.DEFAULTS.withModelType(ModelType.BPE).withCharacterCoverage(1);

  private static SentencePieceModel train(TrainerSpec spec, byte[] text) {
    BpeTrainer trainer = new BpeTrainer(spec, IDENTITY, TrainingProgress.NONE);
    try {
      trainer.read(new ByteArrayInputStream(text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return trainer.train();
  }

  private static SentencePieceModel train(TrainerSpec spec, String text) {
    return train(spec, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The pieces after the special ones, in their order. */
  private static List<String> pieces(SentencePieceModel model) {
    return model.pieces().stream()
        .filter(piece -> piece.type() == PieceType.NORMAL)
        .map(Piece::text)
        .toList();
  }

  private static List<String> pieces(int merges, int characters, String text) {
    return pieces(train(SPEC.withVocabSize(3 + merges + characters), text));
  }

  private static Set<TrainerFlag> flags(TrainerFlag... more) {
    EnumSet<TrainerFlag> flags = EnumSet.copyOf(TrainerFlag.defaults());
    flags.addAll(List.of(more));
    return flags;
  }

  /**
   * low 5, lower 2, newest 6, widest 3, as in Sennrich et al. (2016), with a space before each
   * word: "es" and "st" 9 each, of which the first by code points is taken; then "est" 9, "lo" 7
   * ("ow" too), "low" 7 (as long as "▁lo", which comes later), "▁low" 7; "ew", "▁n" and others 6,
   * then "▁new", which is shorter than "ewest"; and so on. At the end the characters: e 17, w and ▁
   * 16, s and t 9.
   */
  @Test
  void theMostFrequentPairIsMergedAndOfEqualsTheShorterThenTheFirst() {
    String text =
        "low low low low low lower lower newest newest newest newest newest newest widest"
            + " widest widest";
    assertEquals(
        List.of(
            "es", "est", "lo", "low", "▁low", "ew", "▁n", "▁new", "▁newest", "id", "▁w", "▁wid",
            "▁widest", "er", "▁lower", "e", "w", "▁", "s", "t", "l", "o", "n", "d", "i", "r"),
        pieces(15, 11, text));
  }

  /** "▁▁" is no piece; of "aaaa" the pairs are 3, of which two are left after the merge. */
  @Test
  void overlappingOccurrencesAllCountAndAreMergedFromTheLeft() {
    assertEquals(List.of("aa", "aaa", "▁aaa", "a", "▁"), pieces(3, 2, "aaa aaa"));
    assertEquals(List.of("aa", "▁aa", "▁aaaa", "a", "▁"), pieces(3, 2, "aaaa aaaa"));
  }

  @Test
  void scoresAreRanksAndSpecialPiecesComeFirst() {
    SentencePieceModel model = train(SPEC.withVocabSize(3 + 2 + 3), "ab ab ab");
    assertEquals(
        List.of(
            new Piece("<unk>", 0, PieceType.UNKNOWN),
            new Piece("<s>", 0, PieceType.CONTROL),
            new Piece("</s>", 0, PieceType.CONTROL),
            new Piece("ab", -0f, PieceType.NORMAL),
            new Piece("▁ab", -1, PieceType.NORMAL),
            new Piece("a", -2, PieceType.NORMAL),
            new Piece("b", -3, PieceType.NORMAL),
            new Piece("▁", -4, PieceType.NORMAL)),
        model.pieces());
  }

  @Test
  void digitsAreSplitOnDemand() {
    String text = "x2026 2026 2026 2026";
    assertTrue(pieces(train(SPEC.withVocabSize(10), text)).contains("026"));
    List<String> split =
        pieces(
            train(SPEC.withVocabSize(3 + 1 + 5).withFlags(flags(TrainerFlag.SPLIT_DIGITS)), text));
    assertEquals(List.of("▁x", "2", "0", "6", "▁", "x"), split);
  }

  @Test
  void scriptsDoNotMixInAPiece() {
    // Latin and Cyrillic; kana and Han are one; a combining mark belongs to what is before it.
    List<String> pieces =
        pieces(trainWhole("abвг abвг abвг 漢かカ 漢かカ 漢かカ xe\u0301y xe\u0301y 한a 한a 5月 5月"));
    assertTrue(pieces.contains("ab") && pieces.contains("вг"), pieces::toString);
    assertTrue(pieces.contains("▁漢かカ"), pieces::toString);
    assertTrue(pieces.contains("▁xe\u0301y"), pieces::toString);
    assertFalse(pieces.contains("bв") || pieces.contains("한a") || pieces.contains("5月"));
  }

  /** All pieces that a text has. */
  private static SentencePieceModel trainWhole(String text) {
    TokenizerException tooLarge =
        assertThrows(TokenizerException.class, () -> train(SPEC.withVocabSize(5000), text));
    String most = tooLarge.getMessage().replaceFirst("\\D*(\\d+) pieces.*", "$1");
    return train(SPEC.withVocabSize(Integer.parseInt(most)), text);
  }

  @Test
  void numbersMayMixWithLettersOnDemand() {
    EnumSet<TrainerFlag> flags = EnumSet.copyOf(TrainerFlag.defaults());
    flags.remove(TrainerFlag.SPLIT_BY_NUMBER);
    TrainerSpec spec = SPEC.withVocabSize(3 + 2 + 3);
    assertTrue(pieces(train(spec.withFlags(flags), "F1 F1 F1")).contains("▁F1"));
    assertThrows(TokenizerException.class, () -> train(spec, "F1 F1 F1"));
  }

  @Test
  void spacesAreInsidePiecesOnDemandButNeverAtTheEnd() {
    EnumSet<TrainerFlag> flags = EnumSet.copyOf(TrainerFlag.defaults());
    flags.remove(TrainerFlag.SPLIT_BY_WHITESPACE);
    List<String> pieces =
        pieces(train(SPEC.withVocabSize(3 + 3 + 3).withFlags(flags), "a b\na b\na b\na b\n"));
    assertTrue(pieces.contains("▁a▁b"), pieces::toString);
    assertTrue(
        pieces.stream().noneMatch(piece -> piece.length() > 1 && piece.endsWith("▁")),
        pieces::toString);
  }

  @Test
  void severalSpacesAreAPieceOnDemand() {
    NormalizerSpec keeping =
        new NormalizerSpec(
            "identity",
            ByteString.EMPTY,
            Set.of(NormalizerFlag.ADD_DUMMY_PREFIX, NormalizerFlag.ESCAPE_WHITESPACES));
    TrainerSpec spec =
        SPEC.withVocabSize(3 + 2 + 3).withFlags(flags(TrainerFlag.ALLOW_WHITESPACE_ONLY_PIECES));
    BpeTrainer trainer = new BpeTrainer(spec, keeping, TrainingProgress.NONE);
    read(trainer, "   a\n   a\n   b\n");
    assertEquals(List.of("▁▁", "▁▁▁▁"), pieces(trainer.train()).subList(0, 2));
  }

  @Test
  void piecesHaveNoMoreCharactersThanAllowed() {
    String text = "internationalisation ".repeat(20);
    int longest =
        pieces(train(SPEC.withVocabSize(25).withMaxSentencepieceLength(5), text)).stream()
            .mapToInt(String::length)
            .max()
            .orElseThrow();
    assertEquals(5, longest);
  }

  @Test
  void rareCharactersHaveNoPieces() {
    String text = "ab\n".repeat(2000) + "z";
    assertFalse(
        pieces(train(SPEC.withCharacterCoverage(0.9995f).withVocabSize(8), text)).contains("z"));
    assertTrue(pieces(train(SPEC.withVocabSize(9), text)).contains("z"));
  }

  @Test
  void byteFallbackBringsThePiecesOfAllBytes() {
    TrainerSpec spec =
        SPEC.withVocabSize(3 + 256 + 2 + 3).withFlags(flags(TrainerFlag.BYTE_FALLBACK));
    List<Piece> pieces = train(spec, "ab ab ab").pieces();
    assertEquals(new Piece("<0x00>", 0, PieceType.BYTE), pieces.get(3));
    assertEquals(new Piece("<0xFF>", 0, PieceType.BYTE), pieces.get(258));
    assertEquals("ab", pieces.get(259).text());
  }

  @Test
  void textThatIsSpelledLikeASpecialPieceIsNotLearned() {
    List<String> pieces = pieces(3, 4, "ab<s>cd ab<s>cd ab<s>cd");
    assertEquals(List.of("ab", "cd", "▁ab", "a", "b", "c", "d", "▁").size(), 1 + pieces.size());
    assertTrue(pieces.stream().noneMatch(piece -> piece.contains("<")), pieces::toString);
  }

  @Test
  void linesThatAreTooLongOrMarkedAreLeftOutAndTold() {
    List<String> notes = new ArrayList<>();
    BpeTrainer trainer =
        new BpeTrainer(SPEC.withVocabSize(8).withSentences(0, 10), IDENTITY, listening(notes));
    read(trainer, "ab\n" + "x".repeat(11) + "\nab\nq\u2585q\nab");
    assertEquals(List.of("ab", "▁ab", "a"), pieces(trainer.train()).subList(0, 3));
    assertEquals("1 lines left out that have more than 10 bytes", notes.get(0));
    assertTrue(notes.get(1).startsWith("1 lines left out that have U+2585"), notes.get(1));
  }

  @Test
  void theSameModelComesOfTheSameLinesInAnyOrder() throws Exception {
    List<String> lines =
        new ArrayList<>(
            new String(Fixture.bytes("training.txt"), StandardCharsets.UTF_8).lines().toList());
    TrainerSpec spec = SPEC.withVocabSize(800);
    SentencePieceModel model = train(spec, String.join("\n", lines));
    Collections.shuffle(lines, new Random(3));
    BpeTrainer trainer = new BpeTrainer(spec, IDENTITY, TrainingProgress.NONE);
    for (String line : lines) {
      read(trainer, line);
    }
    assertEquals(model, trainer.train());
  }

  @Test
  void aSampleOfTheLinesIsTheSameEveryTimeAndNotAllOfThem() {
    byte[] text = Fixture.bytes("training.txt");
    TrainerSpec spec = SPEC.withVocabSize(500).withCharacterCoverage(0.98f);
    TrainerSpec sampled = spec.withSentences(101, 4192);
    SentencePieceModel once = train(sampled, text);
    assertEquals(once, train(sampled, text));
    assertNotEquals(pieces(once), pieces(train(spec, text)));
  }

  @Test
  void aSampleHoldsEveryLineWithTheSameChance() {
    int lines = 1000;
    int size = 101;
    int[] seen = new int[10];
    SentenceSample sample = new SentenceSample(size);
    for (int i = 0; i < lines; i++) {
      sample.accept(new byte[] {(byte) (i / 100)}, 0, 1);
    }
    sample.forEach(line -> seen[line[0]]++);
    for (int tenth : seen) {
      assertTrue(tenth >= 3 && tenth <= 20, () -> Arrays.toString(seen));
    }
  }

  @Test
  void settingsOutOfRangeAreRefusedByName() {
    refused("vocabSize", SPEC.withVocabSize(0));
    refused("characterCoverage", SPEC.withCharacterCoverage(0.5f));
    refused("characterCoverage", SPEC.withCharacterCoverage(Float.NaN));
    refused("maxSentencepieceLength", SPEC.withMaxSentencepieceLength(0));
    refused("maxSentenceLength", SPEC.withSentences(0, 9));
    refused("inputSentenceSize", SPEC.withSentences(7, 4192));
    refused("modelType", SPEC.withModelType(ModelType.UNIGRAM));
    refused(
        "treatWhitespaceAsSuffix", SPEC.withFlags(flags(TrainerFlag.TREAT_WHITESPACE_AS_SUFFIX)));
  }

  private static void refused(String name, TrainerSpec spec) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new BpeTrainer(spec, IDENTITY, TrainingProgress.NONE));
    assertTrue(refused.getMessage().startsWith(name + ": "), refused.getMessage());
  }

  @Test
  void aVocabularyThatCannotBeIsRefusedWithWhatCould() {
    String tooSmall =
        assertThrows(TokenizerException.class, () -> train(SPEC.withVocabSize(4), "ab cd"))
            .getMessage();
    assertTrue(tooSmall.startsWith("--vocab-size 4 is too small: 5 characters"), tooSmall);
    String tooLarge =
        assertThrows(TokenizerException.class, () -> train(SPEC.withVocabSize(40), "ab ab"))
            .getMessage();
    assertTrue(tooLarge.startsWith("the text has no more than 8 pieces"), tooLarge);
    assertThrows(TokenizerException.class, () -> train(SPEC.withVocabSize(40), ""));
  }

  /**
   * The fixture is by version 0.1.97, which counts of overlapping pairs only every second one; none
   * is in this text. Later versions count as we do.
   */
  @Test
  void piecesAreThoseOfTheReferenceTrainer() {
    SentencePieceModel reference = SentencePieceModel.parse(Fixture.bytes("bpe.model"));
    SentencePieceModel ours =
        train(
            SPEC.withVocabSize(1000)
                .withCharacterCoverage(0.9995f)
                .withFlags(flags(TrainerFlag.SPLIT_DIGITS, TrainerFlag.BYTE_FALLBACK)),
            Fixture.bytes("training.txt"));
    assertEquals(pieces(reference), pieces(ours));
    assertEquals(reference.pieces(), ours.pieces());
  }

  @Test
  void theReferenceProgramReadsTheModelAndCutsAlike(@TempDir Path folder) throws Exception {
    ReferenceProgram encode = ReferenceProgram.require("spm_encode");
    Path file = folder.resolve("ours.model");
    BpeTrainer trainer =
        new BpeTrainer(
            SPEC.withVocabSize(900).withCharacterCoverage(0.98f),
            NormalizationRule.NMT_NFKC.spec(NormalizerFlag.defaults()),
            TrainingProgress.NONE);
    trainer.read(new ByteArrayInputStream(Fixture.bytes("training.txt")));
    trainer.train().write(file);
    byte[] lines = Fixture.bytes("lines.txt");
    List<int[]> tokens =
        ReferenceProgram.tokens(encode.run(folder, lines, "--model=" + file, "--output_format=id"));
    SentencePieceTokenizer tokenizer = SentencePieceTokenizer.open(file);
    List<byte[]> each = Fixture.lines("lines.txt");
    for (int i = 0; i < each.size(); i++) {
      assertEquals(
          Arrays.toString(tokens.get(i)),
          Arrays.toString(tokenizer.encode(each.get(i))),
          "line " + i);
    }
  }

  private static void read(BpeTrainer trainer, String text) {
    try {
      trainer.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static TrainingProgress listening(List<String> notes) {
    return new TrainingProgress() {
      @Override
      public void read(long bytes) {}

      @Override
      public void merged(int done, int total) {}

      @Override
      public void note(String message) {
        notes.add(message);
      }
    };
  }
}
