package org.sigmoe.xl.tokenizer.sentencepiece;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.xl.tokenizer.TokenDecoder;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.model.ModelType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.PieceType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;

class SentencePieceTokenizerTest {
  private static final SentencePieceTokenizer BPE = tokenizer("bpe");

  private static SentencePieceTokenizer tokenizer(String name) {
    return SentencePieceTokenizer.of(Fixture.bytes(name + ".model"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram"})
  void tokensAreThoseOfTheReferenceProgram(String name) {
    SentencePieceTokenizer tokenizer = tokenizer(name);
    List<int[]> expected = ReferenceProgram.tokens(Fixture.bytes("lines." + name + ".ids"));
    List<byte[]> lines = Fixture.lines("lines.txt");
    for (int i = 0; i < lines.size(); i++) {
      String line = new String(lines.get(i), StandardCharsets.UTF_8);
      assertArrayEquals(expected.get(i), tokenizer.encode(lines.get(i)), line);
      if (Arrays.equals(line.getBytes(StandardCharsets.UTF_8), lines.get(i))) {
        assertArrayEquals(expected.get(i), tokenizer.encode(line), line);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram"})
  void decodedTextIsThatOfTheReferenceProgram(String name) {
    SentencePieceTokenizer tokenizer = tokenizer(name);
    List<byte[]> expected = Fixture.lines("lines." + name + ".txt");
    List<int[]> tokens = ReferenceProgram.tokens(Fixture.bytes("lines." + name + ".ids"));
    for (int i = 0; i < tokens.size(); i++) {
      String text = new String(expected.get(i), StandardCharsets.UTF_8);
      assertEquals(text, tokenizer.decode(tokens.get(i)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one",
        "emoji 😀 and 👩‍👩‍👧‍👦 and 🇪🇺",
        "e\u0301 a\u0308\u0301 \u1112\u1161\u11ab",
        "日本語、中文。한국어",
        "\u0001\u0007\u001b[0m\u0000\u007f",
        "beyond 𝒳 𠮷 \uDBFF\uDFFD",
        "tab\tand\rreturn"
      })
  void withByteFallbackEveryTextComesBack(String text) {
    assertEquals(text, BPE.decode(BPE.encode(text)));
  }

  @Test
  void anUnpairedSurrogateIsAQuestionMark() {
    assertArrayEquals(BPE.encode("a ? b"), BPE.encode("a \uD83D b"));
  }

  @Test
  void emptyTextHasNoTokens() {
    assertEquals(0, BPE.encode("").length);
    assertEquals(0, BPE.encode(new byte[0]).length);
    assertEquals("", BPE.decode(new int[0]));
  }

  @Test
  void textAppearsTokenByTokenAndCharactersWhole() {
    TokenDecoder decoder = BPE.decoder();
    StringBuilder text = new StringBuilder();
    for (int token : BPE.encode("a model 😀 ends")) {
      String part = decoder.accept(token);
      assertFalse(part.contains("\uFFFD"), part);
      assertEquals(part, new String(part.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
      text.append(part);
    }
    assertEquals("a model 😀 ends", text + decoder.finish());
  }

  @Test
  void anUnfinishedCharacterEndsWithTheNextPieceOrTheText() {
    int first = token("<0xF0>");
    TokenDecoder decoder = BPE.decoder();
    assertEquals("", decoder.accept(first));
    assertEquals("\uFFFD the", decoder.accept(token("▁the")));
    assertEquals("", decoder.accept(first));
    assertEquals("\uFFFD", decoder.finish());
  }

  @Test
  void unknownAndControlPiecesAreShownAsTheReferenceShowsThem() {
    SentencePieceTokenizer unigram = tokenizer("unigram");
    assertEquals(" \u2047 ", unigram.decode(new int[] {0}));
    assertEquals("", unigram.decode(new int[] {1, 2}));
  }

  @Test
  void onlyWhatContinuesTextIsPermitted() {
    TokenDecoder decoder = BPE.decoder();
    assertTrue(decoder.permits(token("▁the")));
    assertTrue(decoder.permits(token("<0xF0>")));
    assertFalse(decoder.permits(token("<0x80>")));
    assertFalse(decoder.permits(0), "unknown");
    assertFalse(decoder.permits(1), "beginning of a sentence");
    decoder.accept(token("<0xF0>"));
    assertFalse(decoder.permits(token("▁the")));
    assertTrue(decoder.permits(token("<0x9F>")));
    assertFalse(decoder.permits(token("<0x41>")));
  }

  @Test
  void aTokenOutsideTheVocabularyIsRefused() {
    for (int token : new int[] {-1, BPE.vocabularySize()}) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> BPE.decode(new int[] {token}), "" + token);
      assertTrue(refused.getMessage().contains("0 to 999"), refused.getMessage());
    }
  }

  @Test
  void settingsAreThoseOfTheFile() {
    assertEquals("sentencepiece", BPE.name());
    assertEquals(1000, BPE.vocabularySize());
    assertEquals(ModelType.BPE, BPE.model().trainer().modelType());
    assertTrue(BPE.model().trainer().has(TrainerFlag.SPLIT_DIGITS));
    assertTrue(BPE.model().trainer().has(TrainerFlag.BYTE_FALLBACK));
    assertEquals("identity", BPE.model().normalizer().name());
    assertEquals(NormalizerFlag.defaults(), BPE.model().normalizer().flags());
    assertEquals(0, BPE.model().trainer().special().unknown());
    assertEquals(-1, BPE.model().trainer().special().padding());
    assertEquals(
        256, BPE.model().pieces().stream().filter(p -> p.type() == PieceType.BYTE).count());
    assertFalse(tokenizer("unigram").model().trainer().has(TrainerFlag.BYTE_FALLBACK));
  }

  @Test
  void severalThreadsMayEncodeAtOnce() {
    String text = "the model of a text 😀 ".repeat(50);
    int[] expected = BPE.encode(text);
    IntStream.range(0, 200).parallel().forEach(i -> assertArrayEquals(expected, BPE.encode(text)));
  }

  @Test
  void aFileThatIsNoneIsRefusedByName(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("foreign.model");
    for (byte[] content :
        List.of(
            new byte[0],
            "{\"type\": \"bpe\"}".getBytes(StandardCharsets.UTF_8),
            new byte[1000],
            Arrays.copyOf(Fixture.bytes("bpe.model"), 5000))) {
      Files.write(file, content);
      TokenizerException refused =
          assertThrows(TokenizerException.class, () -> SentencePieceTokenizer.open(file));
      assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
      assertTrue(refused.getMessage().contains("no SentencePiece model"), refused.getMessage());
    }
    TokenizerException missing =
        assertThrows(
            TokenizerException.class,
            () -> SentencePieceTokenizer.open(folder.resolve("missing.model")));
    assertTrue(missing.getMessage().endsWith("there is no such file or folder"));
  }

  @Test
  void aFileOfAbsurdSizeIsNotRead(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("large.model");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(300L << 20);
    }
    TokenizerException refused =
        assertThrows(TokenizerException.class, () -> SentencePieceTokenizer.open(file));
    assertTrue(refused.getMessage().contains("314,572,800 bytes"), refused.getMessage());
  }

  private static int token(String piece) {
    return IntStream.range(0, BPE.vocabularySize())
        .filter(token -> BPE.model().pieces().get(token).text().equals(piece))
        .findFirst()
        .orElseThrow();
  }
}
