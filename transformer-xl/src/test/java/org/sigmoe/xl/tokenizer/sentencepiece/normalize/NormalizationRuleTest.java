package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

class NormalizationRuleTest {
  private static final CharsMap NMT_NFKC = NormalizationRule.NMT_NFKC.charsMap().withoutRedundant();
  private static final NormalizerSpec SPEC =
      new NormalizerSpec(
          "nmt_nfkc",
          CompiledCharsMap.compile(NMT_NFKC),
          Set.of(NormalizerFlag.ESCAPE_WHITESPACES));

  /** A model whose tokens are the bytes of the normalised text. */
  private static SentencePieceModel ofBytes(NormalizerSpec normalizer) {
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece("<unk>", 0, PieceType.UNKNOWN));
    for (int value = 0; value < 256; value++) {
      pieces.add(Piece.ofByte(value));
    }
    TrainerSpec trainer =
        TrainerSpec.DEFAULTS
            .withModelType(ModelType.CHAR)
            .withVocabSize(pieces.size())
            .withFlags(Set.of(TrainerFlag.BYTE_FALLBACK));
    return new SentencePieceModel(pieces, trainer, normalizer);
  }

  private static byte[] file(SentencePieceModel model, Path folder) throws Exception {
    Path file = folder.resolve("bytes.model");
    model.write(file);
    return Files.readAllBytes(file);
  }

  @ParameterizedTest
  @CsvSource({
    "ﬁ, fi",
    "①, 1",
    "½, 1⁄2",
    "ＡＢ, AB",
    "ﾊﾞ, バ",
    "e\u0301, é",
    "\u1112\u1161\u11ab, 한",
    "'\u3000', ' '",
    "'\u2581', ' '",
    "\ufffd, ' '",
    "a\u0001b, ab",
    "\u0080, \u0080",
    "～, ～",
    "a\u200db, a\u200db",
    "😀, 😀",
  })
  void textIsNormalisedAsTheReferenceDocumentsIt(String text, String expected) {
    assertEquals(expected.replace(' ', Piece.SPACE), normalized(text));
  }

  /** The reference's own library applies our table; its tokens here are bytes. */
  @Test
  void theReferenceAppliesEveryRuleOfTheCompiledTable(@TempDir Path folder) throws Exception {
    SentencePieceTokenizer bytes = SentencePieceTokenizer.of(file(ofBytes(SPEC), folder));
    for (Map.Entry<String, String> rule : NMT_NFKC.rules().entrySet()) {
      String expected = rule.getValue().replace(' ', Piece.SPACE);
      assertEquals(expected, spelled(bytes.encode(rule.getKey())), () -> hex(rule.getKey()));
      assertEquals(expected, normalized(rule.getKey()), () -> hex(rule.getKey()));
    }
  }

  /** Of composed characters and pairs, as in {@code builder.cc}; not of longer sequences. */
  @Test
  void everyCharacterComesOutInFormKc() {
    CharsMap rules = NormalizationRule.NFKC.charsMap();
    for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (Character.isDefined(codePoint) && Character.getType(codePoint) != Character.SURROGATE) {
        String character = Character.toString(codePoint);
        assertEquals(
            Normalizer.normalize(character, Normalizer.Form.NFKC),
            rules.rules().getOrDefault(character, character),
            () -> hex(character));
      }
    }
  }

  /** The reference's table, from an older Unicode, has 237,561 bytes and 224,725 rules. */
  @Test
  void theTableIsAsSmallAsTheReferences() {
    assertTrue(NMT_NFKC.rules().size() >= 224_725, () -> "" + NMT_NFKC.rules().size());
    assertTrue(SPEC.charsMap().size() < 260_000, () -> "" + SPEC.charsMap().size());
  }

  @Test
  void identityHasNoTable() {
    NormalizerSpec identity = NormalizationRule.IDENTITY.spec(NormalizerFlag.defaults());
    assertEquals(ByteString.EMPTY, identity.charsMap());
    assertEquals("identity", identity.name());
  }

  @Test
  void theReferenceProgramNormalisesAlikeByItsTableAndByOurs(@TempDir Path folder)
      throws Exception {
    ReferenceProgram normalize = ReferenceProgram.require("spm_normalize");
    Path model = folder.resolve("ours.model");
    ofBytes(new NormalizerSpec("nmt_nfkc", SPEC.charsMap(), NormalizerFlag.defaults()))
        .write(model);
    byte[] lines = NormalizationRuleTest.class.getResourceAsStream("../lines.txt").readAllBytes();
    byte[] byOurs = normalize.run(folder, lines, "--model=" + model);
    byte[] byItsOwn = normalize.run(folder, lines, "--normalization_rule_name=nmt_nfkc");
    assertEquals(text(byItsOwn), text(byOurs));
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** What the byte tokens 1..256 spell. */
  private static String spelled(int[] tokens) {
    byte[] bytes = new byte[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      bytes[i] = (byte) (tokens[i] - 1);
    }
    return text(bytes);
  }

  private static String normalized(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = NORMALIZER.normalize(utf8, 0, utf8.length);
    return new String(NORMALIZER.result(), 0, length, StandardCharsets.UTF_8);
  }

  private static final TextNormalizer NORMALIZER =
      new TextNormalizer(SPEC, TextNormalizer.AddedSpace.BEFORE, List.of());

  private static String hex(String text) {
    return text.codePoints().mapToObj("%04X"::formatted).toList().toString();
  }
}
