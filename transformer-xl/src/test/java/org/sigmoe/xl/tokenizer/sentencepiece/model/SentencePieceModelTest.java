package org.sigmoe.xl.tokenizer.sentencepiece.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.Fixture;

class SentencePieceModelTest {
  private static final NormalizerSpec NO_RULES =
      new NormalizerSpec("identity", ByteString.EMPTY, NormalizerFlag.defaults());

  @Test
  void whatIsWrittenIsReadBack(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("written.model");
    for (String name : List.of("bpe.model", "unigram.model")) {
      SentencePieceModel model = SentencePieceModel.parse(Fixture.bytes(name));
      model.write(file);
      assertEquals(model, SentencePieceModel.parse(Files.readAllBytes(file)));
    }
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void everySettingSurvives() throws Exception {
    SentencePieceModel model =
        new SentencePieceModel(
            List.of(new Piece("<unk>", 0, PieceType.UNKNOWN), Piece.ofByte(255)),
            new TrainerSpec(
                ModelType.CHAR,
                7,
                0.99f,
                1L << 40,
                17,
                3,
                Set.of(TrainerFlag.SPLIT_DIGITS),
                new SpecialPieces(3, -1, 5, 6, "?")),
            new NormalizerSpec(
                "mine",
                ByteString.copyFromUtf8("rules"),
                Set.of(NormalizerFlag.ESCAPE_WHITESPACES)));
    assertEquals(model, SentencePieceModel.parse(ModelEncoder.encode(model)));
  }

  /** The defaults of sentencepiece_model.proto, and of spm_train. */
  @Test
  void settingsThatAFileLeavesOutAreTheReferences() {
    byte[] file = field(1, out -> out.writeString(1, "<unk>"));
    SentencePieceModel model = SentencePieceModel.parse(file);
    assertEquals(TrainerSpec.DEFAULTS, model.trainer());
    assertEquals(ModelType.UNIGRAM, model.trainer().modelType());
    assertEquals(8000, model.trainer().vocabSize());
    assertEquals(0.9995f, model.trainer().characterCoverage());
    assertEquals(16, model.trainer().maxSentencepieceLength());
    assertEquals(4192, model.trainer().maxSentenceLength());
    assertEquals(0, model.trainer().inputSentenceSize());
    assertEquals(
        Set.of(
            TrainerFlag.SPLIT_BY_UNICODE_SCRIPT,
            TrainerFlag.SPLIT_BY_WHITESPACE,
            TrainerFlag.SPLIT_BY_NUMBER),
        model.trainer().flags());
    assertEquals(new SpecialPieces(0, 1, 2, -1, " \u2047 "), model.trainer().special());
    assertEquals(NormalizerFlag.defaults(), model.normalizer().flags());
    assertEquals(PieceType.NORMAL, model.pieces().getFirst().type());
  }

  @Test
  void unknownFieldsArePassedOver() throws Exception {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(field(250, out -> out.writeString(1, "of another program")));
    file.writeBytes(Fixture.bytes("bpe.model"));
    assertEquals(
        SentencePieceModel.parse(Fixture.bytes("bpe.model")),
        SentencePieceModel.parse(file.toByteArray()));
  }

  @Test
  void aLengthBeyondTheFileIsRefusedWithoutMemoryForIt() {
    // a piece that says it has 2 GB
    byte[] file = {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07, 'x'};
    refused(file, "damaged or no SentencePiece model");
    // the same of a text inside a piece
    byte[] inside = {0x0A, 0x07, 0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 'x', 'x'};
    refused(inside, "damaged or no SentencePiece model");
  }

  @Test
  void piecesThatCannotBeAreRefused() {
    refused(field(1, out -> out.writeString(1, "")), "a piece is empty");
    refused(field(1, out -> out.writeEnum(3, 99)), "unknown type 99");
    refused(
        field(
            1,
            out -> {
              out.writeString(1, "<0xZZ>");
              out.writeEnum(3, 6);
            }),
        "stands for a byte but is '<0xZZ>'");
    refused(new byte[0], "it has no pieces");
  }

  @Test
  void aModelThatDecodesByRulesOfItsOwnIsRefused() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(Fixture.bytes("bpe.model"));
    file.writeBytes(field(5, out -> out.writeString(2, "rules")));
    refused(file.toByteArray(), "denormaliser");
  }

  @Test
  void aLaterNormalizerReplacesTheOneBefore() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(field(3, out -> out.writeString(2, "rules")));
    file.writeBytes(field(1, out -> out.writeString(1, "a")));
    file.writeBytes(SentencePieceModel.encode(NO_RULES));
    assertEquals(NO_RULES, SentencePieceModel.parse(file.toByteArray()).normalizer());
  }

  private static void refused(byte[] file, String reason) {
    TokenizerException refused =
        assertThrows(TokenizerException.class, () -> SentencePieceModel.parse(file));
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** A field with a message in it. */
  private static byte[] field(int number, Fields fields) {
    try {
      ByteArrayOutputStream inner = new ByteArrayOutputStream();
      CodedOutputStream in = CodedOutputStream.newInstance(inner);
      fields.writeTo(in);
      in.flush();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeByteArray(number, inner.toByteArray());
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
