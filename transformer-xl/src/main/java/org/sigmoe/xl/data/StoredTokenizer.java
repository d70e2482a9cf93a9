package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.xl.tokenizer.SymbolTokenizer;
import org.sigmoe.xl.tokenizer.Tokenizer;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.SentencePieceTokenizer;

/**
 * A tokenizer and the file that it is kept in: {@code tokenizer.model}, a SentencePiece model as it
 * is, or {@code tokenizer.json}, a {@link SymbolTokenizer}. A prepared data set has one, and a run
 * that is trained on it keeps a copy.
 *
 * @param name the file's name
 * @param content its bytes
 * @param tokenizer what it holds
 */
public record StoredTokenizer(String name, byte[] content, Tokenizer tokenizer) {

  /** The name of a SentencePiece model. */
  public static final String MODEL = "tokenizer.model";

  /** The name of a {@link SymbolTokenizer}. */
  public static final String SYMBOLS = "tokenizer.json";

  private static final String SYMBOLS_SUFFIX = ".json";

  /** A model of a vocabulary of 250,000 has 4 MB. */
  private static final int MOST_BYTES = 256 << 20;

  /** One of symbols. */
  public static StoredTokenizer of(SymbolTokenizer tokenizer) {
    return new StoredTokenizer(SYMBOLS, tokenizer.toJson(), tokenizer);
  }

  /**
   * Opens a file: {@code .json} is one of symbols, anything else a SentencePiece model.
   *
   * @throws DataException if it cannot be read, or holds no tokenizer
   */
  public static StoredTokenizer open(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new DataException(
            "%s has %,d bytes, which is no tokenizer".formatted(file, Files.size(file)));
      }
      byte[] content = Files.readAllBytes(file);
      return file.getFileName().toString().endsWith(SYMBOLS_SUFFIX)
          ? new StoredTokenizer(SYMBOLS, content, SymbolTokenizer.fromJson(content))
          : new StoredTokenizer(MODEL, content, SentencePieceTokenizer.open(file));
    } catch (IOException e) {
      throw new DataException(file + " is no tokenizer that can be read: " + IoReason.of(e), e);
    } catch (TokenizerException e) {
      throw new DataException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The one that a folder keeps, if it keeps one.
   *
   * @throws DataException if it cannot be read
   */
  public static Optional<StoredTokenizer> in(Path folder) {
    return List.of(MODEL, SYMBOLS).stream()
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst()
        .map(StoredTokenizer::open);
  }

  /** Size and SHA-256 of the file. */
  public FileDigest digest() {
    return FileDigest.of(content);
  }

  /**
   * Puts a copy into a folder.
   *
   * @throws CheckpointException if it cannot be written
   */
  public void keepIn(Path folder) throws CheckpointException {
    AtomicFile.write(
        Storage.disk(), folder.resolve(name), channel -> channel.write(ByteBuffer.wrap(content)));
  }
}
