package org.sigmoe.xl.tokenizer.sentencepiece.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.xl.tokenizer.TokenizerException;

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

  /**
   * Reads the bytes of a {@code .model} file.
   *
   * @throws TokenizerException if they are damaged, none of such a file, or a model that decodes by
   *     rules of its own
   */
  public static SentencePieceModel parse(byte[] file) {
    try {
      return ModelParser.parse(file);
    } catch (IOException e) {
      throw new TokenizerException("it is damaged or no SentencePiece model: " + e.getMessage(), e);
    }
  }

  /** The bytes of a file that says this of the normaliser, and nothing else. */
  public static byte[] encode(NormalizerSpec normalizer) {
    return ModelEncoder.encode(normalizer);
  }

  /**
   * Writes a {@code .model} file, which any SentencePiece program reads. Whatever happens, the name
   * stands for the whole old content or the whole new one.
   *
   * @param file its folder exists
   * @throws CheckpointException if it cannot be written
   */
  public void write(Path file) throws CheckpointException {
    byte[] bytes = ModelEncoder.encode(this);
    AtomicFile.write(Storage.disk(), file, channel -> channel.write(ByteBuffer.wrap(bytes)));
  }
}
