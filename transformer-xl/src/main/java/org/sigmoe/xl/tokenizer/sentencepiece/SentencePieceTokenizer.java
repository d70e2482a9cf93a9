package org.sigmoe.xl.tokenizer.sentencepiece;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.xl.tokenizer.TokenDecoder;
import org.sigmoe.xl.tokenizer.Tokenizer;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SentencePieceModel;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.TextNormalizer;

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

  /** What stands in a string for bytes that are no UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private final byte[] file;
  private final SentencePieceModel model;
  private final NativeProcessor processor;
  private @Nullable MalformedText malformed;

  private SentencePieceTokenizer(byte[] file, SentencePieceModel model) {
    this.file = file;
    this.model = model;
    processor = NativeProcessor.load(file);
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
            "it has %,d bytes, and no SentencePiece model more than %,d"
                .formatted(size, MAX_FILE_BYTES));
      }
      return of(Files.readAllBytes(file));
    } catch (TokenizerException e) {
      throw new TokenizerException(
          "cannot use the SentencePiece model %s: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new TokenizerException(
          "cannot read the SentencePiece model %s: %s"
              .formatted(file, CheckpointException.reason(e)),
          e);
    }
  }

  /**
   * Opens a model that was read.
   *
   * @param file the bytes of a {@code .model} file
   * @throws TokenizerException if it is damaged or no SentencePiece model, or if the library that
   *     encodes cannot be loaded
   */
  public static SentencePieceTokenizer of(byte[] file) {
    SentencePieceModel model = SentencePieceModel.parse(file);
    // The library believes the table that the file has of its rules.
    TextNormalizer.check(model.normalizer());
    return new SentencePieceTokenizer(file, model);
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

  /**
   * The tokens of a text in UTF-8. Each byte that is part of no character is U+FFFD.
   *
   * @param utf8 one sentence, as the line that the reference program takes
   */
  public int[] encode(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    boolean isMalformed =
        text.indexOf(REPLACEMENT) >= 0
            && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8);
    return isMalformed ? malformed().encode(utf8) : encode(text);
  }

  private synchronized MalformedText malformed() {
    if (malformed == null) {
      malformed = new MalformedText(file, model);
    }
    return malformed;
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
