package org.sigmoe.xl.tokenizer.sentencepiece.model;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes SentencePiece's {@code ModelProto} field by field: the opposite of {@link ModelParser}.
 */
final class ModelEncoder {

  private ModelEncoder() {}

  /** Writes the fields of a message. */
  @FunctionalInterface
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** The bytes of a {@code .model} file. */
  static byte[] encode(SentencePieceModel model) {
    return message(
        out -> {
          for (Piece piece : model.pieces()) {
            out.writeByteArray(ModelFields.PIECES, message(inner -> write(piece, inner)));
          }
          out.writeByteArray(
              ModelFields.TRAINER_SPEC, message(inner -> write(model.trainer(), inner)));
          write(model.normalizer(), out);
        });
  }

  /** The bytes of a file that has the settings of a normaliser alone. */
  static byte[] encode(NormalizerSpec normalizer) {
    return message(out -> write(normalizer, out));
  }

  private static void write(Piece piece, CodedOutputStream out) throws IOException {
    out.writeString(ModelFields.PIECE_TEXT, piece.text());
    out.writeFloat(ModelFields.PIECE_SCORE, piece.score());
    if (piece.type() != PieceType.NORMAL) {
      out.writeEnum(ModelFields.PIECE_TYPE, piece.type().number());
    }
  }

  private static void write(TrainerSpec spec, CodedOutputStream out) throws IOException {
    out.writeEnum(ModelFields.MODEL_TYPE, spec.modelType().number());
    out.writeInt32(ModelFields.VOCAB_SIZE, spec.vocabSize());
    out.writeFloat(ModelFields.CHARACTER_COVERAGE, spec.characterCoverage());
    out.writeUInt64(ModelFields.INPUT_SENTENCE_SIZE, spec.inputSentenceSize());
    out.writeInt32(ModelFields.MAX_SENTENCE_LENGTH, spec.maxSentenceLength());
    out.writeInt32(ModelFields.MAX_SENTENCEPIECE_LENGTH, spec.maxSentencepieceLength());
    for (TrainerFlag flag : TrainerFlag.values()) {
      out.writeBool(flag.field(), spec.flags().contains(flag));
    }
    out.writeInt32(ModelFields.UNK_ID, spec.special().unknown());
    out.writeInt32(ModelFields.BOS_ID, spec.special().begin());
    out.writeInt32(ModelFields.EOS_ID, spec.special().end());
    out.writeInt32(ModelFields.PAD_ID, spec.special().padding());
    out.writeString(ModelFields.UNK_SURFACE, spec.special().unknownSurface());
  }

  private static void write(NormalizerSpec spec, CodedOutputStream out) throws IOException {
    byte[] fields =
        message(
            inner -> {
              inner.writeString(ModelFields.NORMALIZER_NAME, spec.name());
              inner.writeBytes(ModelFields.PRECOMPILED_CHARSMAP, spec.charsMap());
              for (NormalizerFlag flag : NormalizerFlag.values()) {
                inner.writeBool(flag.field(), spec.flags().contains(flag));
              }
            });
    out.writeByteArray(ModelFields.NORMALIZER_SPEC, fields);
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
