package org.sigmoe.xl.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.Storage;

/**
 * Writes a file of tokens. Under its name it is whole or not there: the tokens go to {@code
 * NAME.tmp}, and after the last of them the header, which counts them, into the place left for it.
 *
 * <pre>{@code
 * try (TokenFileWriter writer = new TokenFileWriter(file, vocabulary, sha256, "my book")) {
 *   writer.write(tokens);
 *   TokenFileHeader header = writer.finish(counter.counts(writer.tokens()));
 * }
 * }</pre>
 *
 * <p>{@link AtomicFile} cannot do it: it writes from the first byte to the last, and the header is
 * known last.
 */
public final class TokenFileWriter implements Closeable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path target;
  private final Path temporary;
  private final int vocabulary;
  private final String tokenizer;
  private final String source;
  private final int headerBytes;
  private final FileChannel channel;
  private final MessageDigest digest = Hashes.sha256();
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(TokenFileHeader.ORDER);
  private long tokens;

  /**
   * Begins a file.
   *
   * @param target the file; its folder is there
   * @param vocabulary V
   * @param tokenizer SHA-256 of the tokenizer's file, in hexadecimal digits
   * @param source what is tokenized, for people to read
   */
  public TokenFileWriter(Path target, int vocabulary, String tokenizer, String source)
      throws IOException {
    this.target = target;
    this.temporary = target.resolveSibling(target.getFileName() + AtomicFile.TEMPORARY_SUFFIX);
    this.vocabulary = vocabulary;
    this.tokenizer = tokenizer;
    this.source = source;
    String unknown = HexFormat.of().formatHex(new byte[digest.getDigestLength()]);
    this.headerBytes = header(new TextCounts(0, 0, 0, 0), unknown).headerBytes();
    this.channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING);
    channel.position(headerBytes);
  }

  private TokenFileHeader header(TextCounts text, String sha256) {
    return new TokenFileHeader(vocabulary, text, sha256, tokenizer, source);
  }

  /** How many tokens were written. */
  public long tokens() {
    return tokens;
  }

  /**
   * Adds tokens.
   *
   * @throws IllegalArgumentException if one lies outside 0..V-1
   */
  public void write(int[] more) throws IOException {
    int width = TokenFileHeader.tokenBytes(vocabulary);
    for (int token : more) {
      if (token < 0 || token >= vocabulary) {
        throw new IllegalArgumentException(
            "token %d is none of a vocabulary of %d".formatted(token, vocabulary));
      }
      if (buffer.remaining() < width) {
        drain();
      }
      switch (width) {
        case 1 -> buffer.put((byte) token);
        case 2 -> buffer.putShort((short) token);
        default -> buffer.putInt(token);
      }
    }
    tokens += more.length;
  }

  private void drain() throws IOException {
    digest.update(buffer.flip().duplicate());
    writeFully(buffer);
    buffer.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Writes the header and gives the file its name, once all is on the device.
   *
   * @param text how much text the tokens stand for
   */
  public TokenFileHeader finish(TextCounts text) throws IOException {
    if (text.tokens() != tokens) {
      throw new IllegalArgumentException(
          "%d tokens were written, not %d".formatted(tokens, text.tokens()));
    }
    drain();
    TokenFileHeader header = header(text, HexFormat.of().formatHex(digest.digest()));
    channel.position(0);
    writeFully(header.encode());
    channel.force(true);
    channel.close();
    Storage disk = Storage.disk();
    disk.rename(temporary, target);
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null) {
      disk.forceDirectory(folder);
    }
    return header;
  }

  /** Ends the writing; a file that was not finished is removed. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}
