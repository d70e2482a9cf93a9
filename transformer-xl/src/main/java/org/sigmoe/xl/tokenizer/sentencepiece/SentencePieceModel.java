package org.sigmoe.xl.tokenizer.sentencepiece;

import java.util.List;

/**
 * What a {@code .model} file says.
 *
 * @param pieces the vocabulary; a token is an index in it
 * @param trainer the settings of its training
 * @param normalizer what is done to a text before it is cut
 */
public record SentencePieceModel(
    List<Piece> pieces, TrainerSpec trainer, NormalizerSpec normalizer) {

  /** Keeps a copy of the list. */
  public SentencePieceModel {
    pieces = List.copyOf(pieces);
  }
}
