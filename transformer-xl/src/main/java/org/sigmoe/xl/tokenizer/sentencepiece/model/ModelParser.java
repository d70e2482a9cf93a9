package org.sigmoe.xl.tokenizer.sentencepiece.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Reads SentencePiece's {@code ModelProto} field by field; fields that are not used here are passed
 * over. No length in the file is believed beyond the bytes that there are.
 *
 * <p>As in {@code TensorBoardEvent} nothing is generated from the {@code .proto} file.
 */
final class ModelParser {

  private ModelParser() {}

  /** Reads the fields of a message. */
  @FunctionalInterface
  private interface Field {
    /** Whether it took the field of this tag; if not, it is passed over. */
    boolean read(int tag) throws IOException;
  }

  /**
   * Reads a model.
   *
   * @throws InvalidProtocolBufferException if it is none
   */
  static SentencePieceModel parse(byte[] file) throws IOException {
    return new Model().parse(CodedInputStream.newInstance(file));
  }

  private static void each(CodedInputStream in, Field field) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (!field.read(tag)) {
        in.skipField(tag);
      }
    }
  }

  private static void message(CodedInputStream in, Field field) throws IOException {
    int length = in.readRawVarint32();
    int outer = in.pushLimit(length);
    each(in, field);
    if (in.getBytesUntilLimit() != 0) {
      throw new InvalidProtocolBufferException("a message does not end where it should");
    }
    in.popLimit(outer);
  }

  private static int varint(int field) {
    return field << 3 | WireFormat.WIRETYPE_VARINT;
  }

  private static int fixed32(int field) {
    return field << 3 | WireFormat.WIRETYPE_FIXED32;
  }

  private static int delimited(int field) {
    return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private static final class Model {
    private final List<Piece> pieces = new ArrayList<>();
    private final Trainer trainer = new Trainer();
    private final Normalizer normalizer = new Normalizer();
    private final Normalizer denormalizer = new Normalizer();

    SentencePieceModel parse(CodedInputStream in) throws IOException {
      each(
          in,
          tag -> {
            if (tag == delimited(ModelFields.PIECES)) {
              pieces.add(new PieceFields().parse(in));
            } else if (tag == delimited(ModelFields.TRAINER_SPEC)) {
              message(in, inner -> trainer.read(in, inner));
            } else if (tag == delimited(ModelFields.NORMALIZER_SPEC)) {
              message(in, inner -> normalizer.read(in, inner));
            } else if (tag == delimited(ModelFields.DENORMALIZER_SPEC)) {
              message(in, inner -> denormalizer.read(in, inner));
            } else {
              return false;
            }
            return true;
          });
      check();
      return new SentencePieceModel(pieces, trainer.spec(), normalizer.spec());
    }

    private void check() throws InvalidProtocolBufferException {
      if (pieces.isEmpty()) {
        throw new InvalidProtocolBufferException("it has no pieces");
      }
      if (!denormalizer.spec().charsMap().isEmpty()) {
        throw new InvalidProtocolBufferException(
            "it replaces characters when it decodes (a denormaliser), which is not supported");
      }
      for (Piece piece : pieces) {
        if (piece.text().isEmpty()) {
          throw new InvalidProtocolBufferException("a piece is empty");
        }
        if (piece.type() == PieceType.BYTE && !piece.isByte()) {
          throw new InvalidProtocolBufferException(
              "a piece stands for a byte but is '" + piece.text() + "'");
        }
      }
    }
  }

  private static final class PieceFields {
    private String text = "";
    private float score;
    private PieceType type = PieceType.NORMAL;

    Piece parse(CodedInputStream in) throws IOException {
      message(
          in,
          tag -> {
            if (tag == delimited(ModelFields.PIECE_TEXT)) {
              text = in.readStringRequireUtf8();
            } else if (tag == fixed32(ModelFields.PIECE_SCORE)) {
              score = in.readFloat();
            } else if (tag == varint(ModelFields.PIECE_TYPE)) {
              type = type(in.readEnum());
            } else {
              return false;
            }
            return true;
          });
      return new Piece(text, score, type);
    }

    private static PieceType type(int number) throws IOException {
      for (PieceType type : PieceType.values()) {
        if (type.number() == number) {
          return type;
        }
      }
      throw new InvalidProtocolBufferException("a piece is of the unknown type " + number);
    }
  }

  private static final class Trainer {
    private static final TrainerSpec UNSAID = TrainerSpec.DEFAULTS;

    private ModelType type = UNSAID.modelType();
    private int vocabSize = UNSAID.vocabSize();
    private float characterCoverage = UNSAID.characterCoverage();
    private long inputSentenceSize = UNSAID.inputSentenceSize();
    private int maxSentenceLength = UNSAID.maxSentenceLength();
    private int maxSentencepieceLength = UNSAID.maxSentencepieceLength();
    private final Set<TrainerFlag> flags = EnumSet.copyOf(UNSAID.flags());
    private int unknown = UNSAID.special().unknown();
    private int begin = UNSAID.special().begin();
    private int end = UNSAID.special().end();
    private int padding = UNSAID.special().padding();
    private String unknownSurface = UNSAID.special().unknownSurface();

    boolean read(CodedInputStream in, int tag) throws IOException {
      if (tag == fixed32(ModelFields.CHARACTER_COVERAGE)) {
        characterCoverage = in.readFloat();
        return true;
      }
      if (tag == delimited(ModelFields.UNK_SURFACE)) {
        unknownSurface = in.readStringRequireUtf8();
        return true;
      }
      return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT
          && readNumber(in, WireFormat.getTagFieldNumber(tag));
    }

    private boolean readNumber(CodedInputStream in, int field) throws IOException {
      switch (field) {
        case ModelFields.MODEL_TYPE -> type = type(in.readEnum());
        case ModelFields.VOCAB_SIZE -> vocabSize = in.readInt32();
        case ModelFields.INPUT_SENTENCE_SIZE -> inputSentenceSize = in.readUInt64();
        case ModelFields.MAX_SENTENCE_LENGTH -> maxSentenceLength = in.readInt32();
        case ModelFields.MAX_SENTENCEPIECE_LENGTH -> maxSentencepieceLength = in.readInt32();
        case ModelFields.UNK_ID -> unknown = in.readInt32();
        case ModelFields.BOS_ID -> begin = in.readInt32();
        case ModelFields.EOS_ID -> end = in.readInt32();
        case ModelFields.PAD_ID -> padding = in.readInt32();
        default -> {
          return readFlag(in, field);
        }
      }
      return true;
    }

    private boolean readFlag(CodedInputStream in, int field) throws IOException {
      for (TrainerFlag flag : TrainerFlag.values()) {
        if (flag.field() == field) {
          put(flags, flag, in.readBool());
          return true;
        }
      }
      return false;
    }

    private static ModelType type(int number) throws IOException {
      for (ModelType type : ModelType.values()) {
        if (type.number() == number) {
          return type;
        }
      }
      throw new InvalidProtocolBufferException("the model is of the unknown type " + number);
    }

    TrainerSpec spec() {
      return new TrainerSpec(
          type,
          vocabSize,
          characterCoverage,
          inputSentenceSize,
          maxSentenceLength,
          maxSentencepieceLength,
          flags,
          new SpecialPieces(unknown, begin, end, padding, unknownSurface));
    }
  }

  private static final class Normalizer {
    private String name = "";
    private ByteString charsMap = ByteString.EMPTY;
    private final Set<NormalizerFlag> flags = EnumSet.copyOf(NormalizerFlag.defaults());

    boolean read(CodedInputStream in, int tag) throws IOException {
      if (tag == delimited(ModelFields.NORMALIZER_NAME)) {
        name = in.readStringRequireUtf8();
        return true;
      }
      if (tag == delimited(ModelFields.PRECOMPILED_CHARSMAP)) {
        charsMap = in.readBytes();
        return true;
      }
      for (NormalizerFlag flag : NormalizerFlag.values()) {
        if (tag == varint(flag.field())) {
          put(flags, flag, in.readBool());
          return true;
        }
      }
      return false;
    }

    NormalizerSpec spec() {
      return new NormalizerSpec(name, charsMap, flags);
    }
  }

  private static <E> void put(Set<E> set, E element, boolean isIn) {
    if (isIn) {
      set.add(element);
    } else {
      set.remove(element);
    }
  }
}
