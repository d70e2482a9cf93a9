package org.sigmoe.xl.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * A file of tokens ({@link TokenFileHeader}), mapped into memory. The system pages it in as it is
 * read, so it may be larger than memory; it must not be shortened meanwhile.
 */
public final class TokenFile implements TokenSource {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT.withOrder(TokenFileHeader.ORDER);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(TokenFileHeader.ORDER);
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path file;
  private final String description;
  private final TokenFileHeader header;
  private final MemorySegment tokens;

  private TokenFile(Path file, String description, TokenFileHeader header, MemorySegment tokens) {
    this.file = file;
    this.description = description;
    this.header = header;
    this.tokens = tokens;
  }

  /**
   * Maps a file. Its header and size are checked before; whether its tokens are what was written is
   * told by {@link #verify}.
   *
   * @param description what it is, for messages
   * @param arena whose end ends the mapping
   * @throws DataException if the file cannot be read or is damaged
   */
  static TokenFile map(Path file, String description, Arena arena) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      TokenFileHeader header = TokenFileHeader.read(file, channel);
      long start = header.headerBytes();
      MemorySegment tokens =
          channel.map(FileChannel.MapMode.READ_ONLY, start, channel.size() - start, arena);
      return new TokenFile(file, description, header, tokens);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + IoReason.of(e), e);
    }
  }

  /**
   * Reads the header of a file.
   *
   * @throws DataException if the file cannot be read or is damaged
   */
  public static TokenFileHeader header(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return TokenFileHeader.read(file, channel);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + IoReason.of(e), e);
    }
  }

  /**
   * Reads all of a file and compares it with its header.
   *
   * @throws DataException if it cannot be read, or is not what was written
   */
  public static TokenFileHeader verify(Path file, Progress progress) {
    String activity = "verifying " + file;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      TokenFileHeader header = TokenFileHeader.read(file, channel);
      MessageDigest digest = Hashes.sha256();
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      long total = channel.size();
      channel.position(header.headerBytes());
      progress.update(activity, 0, total);
      while (channel.read(buffer.clear()) >= 0) {
        digest.update(buffer.flip());
        progress.update(activity, channel.position(), total);
      }
      if (!HexFormat.of().formatHex(digest.digest()).equals(header.sha256())) {
        throw TokenFileHeader.damaged(file, "its tokens are not those that were written");
      }
      return header;
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + IoReason.of(e), e);
    }
  }

  /** Its header. */
  public TokenFileHeader header() {
    return header;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public long length() {
    return header.text().tokens();
  }

  /**
   * {@inheritDoc}
   *
   * @throws DataException if a token lies outside the vocabulary, as in a damaged file
   */
  @Override
  public void read(long position, int count, MemorySegment target, long index) {
    Objects.checkFromIndexSize(position, count, length());
    Objects.checkFromIndexSize(index, count, target.byteSize() / Integer.BYTES);
    int width = header.tokenBytes();
    int vocabulary = header.vocabulary();
    for (int i = 0; i < count; i++) {
      int token = token(width, position + i);
      if (Integer.compareUnsigned(token, vocabulary) >= 0) {
        throw TokenFileHeader.damaged(
            file, "token %,d is none of its vocabulary".formatted(position + i));
      }
      target.setAtIndex(ValueLayout.JAVA_INT, index + i, token);
    }
  }

  private int token(int width, long position) {
    return switch (width) {
      case 1 -> Byte.toUnsignedInt(tokens.get(ValueLayout.JAVA_BYTE, position));
      case 2 -> Short.toUnsignedInt(tokens.getAtIndex(SHORT, position));
      default -> tokens.getAtIndex(INT, position);
    };
  }

  @Override
  public Optional<TextCounts> countText() {
    return Optional.of(header.text());
  }
}
