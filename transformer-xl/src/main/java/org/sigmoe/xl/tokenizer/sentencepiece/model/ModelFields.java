package org.sigmoe.xl.tokenizer.sentencepiece.model;

/**
 * Numbers of fields in {@code sentencepiece_model.proto}, under their names there. The yes-or-no
 * settings carry theirs: {@link TrainerFlag}, {@link NormalizerFlag}.
 */
final class ModelFields {

  // ModelProto
  static final int PIECES = 1;
  static final int TRAINER_SPEC = 2;
  static final int NORMALIZER_SPEC = 3;
  static final int DENORMALIZER_SPEC = 5;

  // ModelProto.SentencePiece
  static final int PIECE_TEXT = 1;
  static final int PIECE_SCORE = 2;
  static final int PIECE_TYPE = 3;

  // TrainerSpec
  static final int MODEL_TYPE = 3;
  static final int VOCAB_SIZE = 4;
  static final int CHARACTER_COVERAGE = 10;
  static final int INPUT_SENTENCE_SIZE = 11;
  static final int MAX_SENTENCE_LENGTH = 18;
  static final int MAX_SENTENCEPIECE_LENGTH = 20;
  static final int UNK_ID = 40;
  static final int BOS_ID = 41;
  static final int EOS_ID = 42;
  static final int PAD_ID = 43;
  static final int UNK_SURFACE = 44;

  // NormalizerSpec
  static final int NORMALIZER_NAME = 1;
  static final int PRECOMPILED_CHARSMAP = 2;

  private ModelFields() {}
}
