package org.sigmoe.nn.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a file held when it was written, to tell later whether it still does.
 *
 * <p>SHA-256 rather than a CRC: the JDK hashes more than a gigabyte a second where the processor
 * has instructions for it, which disappears beside writing the file, and people can compare the
 * value with {@code sha256sum}.
 *
 * @param size its size in bytes
 * @param sha256 its SHA-256 in lower-case hexadecimal digits
 */
public record FileDigest(long size, String sha256) {

  private static final int CHUNK = 1 << 20;

  /**
   * Reads a file and returns its digest.
   *
   * @throws CheckpointException if the file cannot be read
   */
  public static FileDigest of(Path file) throws CheckpointException {
    MessageDigest sha = newSha256();
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    long size = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(buffer.clear()) >= 0) {
        buffer.flip();
        size += buffer.remaining();
        sha.update(buffer);
      }
    } catch (IOException e) {
      throw CheckpointException.notReadable(file, e);
    }
    return of(size, sha);
  }

  /** Returns the digest of a file that holds these bytes. */
  public static FileDigest of(byte[] content) {
    MessageDigest sha = newSha256();
    sha.update(content);
    return of(content.length, sha);
  }

  /**
   * Checks that a file still is what it was, its size first.
   *
   * @throws CheckpointException if it cannot be read, is shorter or longer, or holds other bytes
   */
  public void verify(Path file) throws CheckpointException {
    long now;
    try {
      now = Files.size(file);
    } catch (IOException e) {
      throw CheckpointException.notReadable(file, e);
    }
    if (now < size) {
      throw new CheckpointException(
          file + " is truncated: it was written with " + size + " bytes and now has " + now);
    }
    if (now > size || !of(file).equals(this)) {
      throw new CheckpointException(
          file
              + " was altered after it was written: it is not the file of "
              + size
              + " bytes with SHA-256 "
              + sha256);
    }
  }

  static FileDigest of(long size, MessageDigest sha) {
    return new FileDigest(size, HexFormat.of().formatHex(sha.digest()));
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
