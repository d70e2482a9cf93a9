package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The beginning of a file of tokens, which follow it one after the other.
 *
 * <p>All numbers are little-endian:
 *
 * <pre>
 * at    bytes
 *   0   8   89 53 47 4D 54 4F 4B 0A (\u0089SGMTOK\n), which no text begins with
 *   8   4   version, 1
 *  12   4   bytes of a token: 1 if the vocabulary has at most 256 tokens, 2 if 65,536, else 4
 *  16   4   vocabulary
 *  20   4   bytes of the header, where the first token begins; a multiple of 64
 *  24   8   number of tokens
 *  32   8   bytes of the text
 *  40   8   characters of the text
 *  48   8   words of the text
 *  56  32   SHA-256 of the bytes of all tokens
 *  88  32   SHA-256 of the tokenizer's file
 * 120   4   length of the source's name in UTF-8, at most 3,968
 * 124   4   CRC-32C of the header with zeros in its place
 * 128       the source's name, then zeros up to the first token
 * </pre>
 *
 * @param vocabulary V; every token is below it
 * @param text how much text the tokens stand for
 * @param sha256 of the tokens, in hexadecimal digits
 * @param tokenizer SHA-256 of the tokenizer's file, in hexadecimal digits
 * @param source what was tokenized, for people to read
 */
public record TokenFileHeader(
    int vocabulary, TextCounts text, String sha256, String tokenizer, String source) {

  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private static final byte[] MAGIC = {(byte) 0x89, 'S', 'G', 'M', 'T', 'O', 'K', '\n'};
  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 128;
  private static final int CRC_POSITION = 124;
  private static final int ALIGNMENT = 64;
  private static final int MOST_SOURCE_BYTES = 4096 - FIXED_BYTES;
  private static final int SHA_BYTES = 32;
  private static final String WHAT_TO_DO = "; prepare it again with `sigmoe data`";

  /** How many bytes a token takes in a vocabulary of this size. */
  static int tokenBytes(int vocabulary) {
    return vocabulary <= 1 << Byte.SIZE ? 1 : vocabulary <= 1 << Short.SIZE ? 2 : Integer.BYTES;
  }

  /** How many bytes a token takes. */
  int tokenBytes() {
    return tokenBytes(vocabulary);
  }

  /** How many bytes the header takes. */
  int headerBytes() {
    return headerBytes(sourceBytes(source).length);
  }

  private static int headerBytes(int sourceBytes) {
    return Math.ceilDiv(FIXED_BYTES + sourceBytes, ALIGNMENT) * ALIGNMENT;
  }

  /** A name that is too long loses its end, between two characters. */
  private static byte[] sourceBytes(String source) {
    byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MOST_SOURCE_BYTES);
    while (length < bytes.length && (bytes[length] & 0xC0) == 0x80) {
      length--;
    }
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** The bytes of the header. */
  ByteBuffer encode() {
    byte[] name = sourceBytes(source);
    ByteBuffer header = ByteBuffer.allocate(headerBytes()).order(ORDER);
    header
        .put(MAGIC)
        .putInt(VERSION)
        .putInt(tokenBytes())
        .putInt(vocabulary)
        .putInt(header.capacity())
        .putLong(text.tokens())
        .putLong(text.bytes())
        .putLong(text.characters())
        .putLong(text.words())
        .put(HexFormat.of().parseHex(sha256))
        .put(HexFormat.of().parseHex(tokenizer))
        .putInt(name.length)
        .putInt(0)
        .put(name);
    header.putInt(CRC_POSITION, crc(header));
    return header.rewind();
  }

  /** The CRC of a header in whose place of the CRC there are zeros. */
  private static int crc(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().rewind().limit(header.capacity()));
    return (int) crc.getValue();
  }

  /**
   * Reads a header, and checks it and the size of the file; the tokens themselves are not read.
   *
   * @throws DataException if it is no file of tokens, of another version, damaged, or shorter or
   *     longer than its header says
   * @throws IOException if it cannot be read
   */
  static TokenFileHeader read(Path file, FileChannel channel) throws IOException {
    ByteBuffer fixed = readFully(channel, FIXED_BYTES);
    byte[] magic = new byte[MAGIC.length];
    if (fixed.remaining() < FIXED_BYTES || !Arrays.equals(take(fixed, magic), MAGIC)) {
      throw new DataException(file + " is no file of tokens" + WHAT_TO_DO);
    }
    int version = fixed.getInt();
    if (version != VERSION) {
      throw new DataException(
          "%s is a file of tokens of version %d, and this program reads version %d%s"
              .formatted(file, version, VERSION, WHAT_TO_DO));
    }
    int sourceBytes = fixed.getInt(CRC_POSITION - Integer.BYTES);
    if (sourceBytes < 0 || sourceBytes > MOST_SOURCE_BYTES) {
      throw damaged(file, "its header is not as it was written");
    }
    ByteBuffer header = readFully(channel, headerBytes(sourceBytes));
    int crc = header.getInt(CRC_POSITION);
    header.putInt(CRC_POSITION, 0);
    if (header.remaining() < headerBytes(sourceBytes) || crc(header) != crc) {
      throw damaged(file, "its header is not as it was written");
    }
    TokenFileHeader read = decode(file, header.position(MAGIC.length + Integer.BYTES), sourceBytes);
    read.requireSize(file, channel.size());
    return read;
  }

  private static TokenFileHeader decode(Path file, ByteBuffer header, int sourceBytes) {
    int tokenBytes = header.getInt();
    int vocabulary = header.getInt();
    int headerBytes = header.getInt();
    long tokens = header.getLong();
    long bytes = header.getLong();
    long characters = header.getLong();
    long words = header.getLong();
    if (vocabulary < 1
        || tokenBytes != tokenBytes(vocabulary)
        || headerBytes != headerBytes(sourceBytes)
        || Math.min(Math.min(tokens, bytes), Math.min(characters, words)) < 0) {
      throw damaged(file, "its header contradicts itself");
    }
    String sha256 = HexFormat.of().formatHex(take(header, new byte[SHA_BYTES]));
    String tokenizer = HexFormat.of().formatHex(take(header, new byte[SHA_BYTES]));
    byte[] name = take(header.position(FIXED_BYTES), new byte[sourceBytes]);
    return new TokenFileHeader(
        vocabulary,
        new TextCounts(tokens, bytes, characters, words),
        sha256,
        tokenizer,
        new String(name, StandardCharsets.UTF_8));
  }

  private void requireSize(Path file, long size) {
    // By division, which a number of tokens that was made up cannot overflow.
    long room = size - headerBytes();
    if (room / tokenBytes() != text.tokens() || room % tokenBytes() != 0) {
      throw damaged(
          file,
          "it has %,d bytes, and %,d tokens of %d bytes after a header of %d were written to it"
              .formatted(size, text.tokens(), tokenBytes(), headerBytes()));
    }
  }

  /** The first bytes of a file, or all if it has less. */
  private static ByteBuffer readFully(FileChannel channel, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ORDER);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
    return bytes.flip();
  }

  private static byte[] take(ByteBuffer from, byte[] target) {
    from.get(target);
    return target;
  }

  static DataException damaged(Path file, String how) {
    return new DataException(file + " is damaged: " + how + WHAT_TO_DO);
  }
}
