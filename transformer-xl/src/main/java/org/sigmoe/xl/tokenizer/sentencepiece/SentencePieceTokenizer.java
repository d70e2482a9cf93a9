package org.sigmoe.xl.tokenizer.sentencepiece;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.xl.tokenizer.TokenDecoder;
import org.sigmoe.xl.tokenizer.Tokenizer;
import org.sigmoe.xl.tokenizer.TokenizerException;

/**
 * The pieces of a SentencePiece model as tokens, V of them.
 *
 * <pre>{@code
 * Tokenizer tokenizer = SentencePieceTokenizer.open(Path.of("wikitext-8000.model"));
 * int[] tokens = tokenizer.encode("A sentence of a text.");
 * }</pre>
 *
 * <p>A text is taken as one sentence, as the reference program takes a line: with most models a
 * line break in it is a space, and spaces that the model's normaliser removes do not come back when
 * the tokens are decoded. The tokens of a text are not those of its parts.
 */
public final class SentencePieceTokenizer implements Tokenizer {

  /** Far beyond any known model (the largest have 260,000 pieces and 5 MB). */
  private static final long MAX_FILE_BYTES = 256L << 20;

  private final SentencePieceModel model;
  private final NativeProcessor processor;

  private SentencePieceTokenizer(SentencePieceModel model, NativeProcessor processor) {
    this.model = model;
    this.processor = processor;
  }

  /**
   * Opens a {@code .model} file of any type.
   *
   * @throws TokenizerException if there is no such file, if it is damaged or no SentencePiece
   *     model, or if the library that encodes cannot be loaded
   */
  public static SentencePieceTokenizer open(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_FILE_BYTES) {
        throw new TokenizerException(
            "%s has %,d bytes; no SentencePiece model has more than %,d"
                .formatted(file, size, MAX_FILE_BYTES));
      }
      byte[] bytes = Files.readAllBytes(file);
      return new SentencePieceTokenizer(ModelParser.parse(bytes), NativeProcessor.load(bytes));
    } catch (EngineException e) {
      throw new TokenizerException(
          "%s is no SentencePiece model, or damaged: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new TokenizerException(
          "cannot read the SentencePiece model %s: %s"
              .formatted(file, CheckpointException.reason(e)),
          e);
    }
  }

  @Override
  public String name() {
    return "sentencepiece";
  }

  @Override
  public int vocabularySize() {
    return model.pieces().size();
  }

  @Override
  public int[] encode(String text) {
    return processor.encode(text);
  }

  @Override
  public TokenDecoder decoder() {
    return new SentencePieceDecoder(model);
  }

  /** What the file says. */
  public SentencePieceModel model() {
    return model;
  }
}
