package org.sigmoe.xl.data.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A checksum by which a file is known.
 *
 * @param algorithm as {@link MessageDigest} names it, for example {@code SHA-256}
 * @param hex its value in lower-case hexadecimal digits
 */
public record Checksum(String algorithm, String hex) {
  private static final int BUFFER_BYTES = 1 << 16;

  /** A SHA-256. */
  public static Checksum sha256(String hex) {
    return new Checksum("SHA-256", hex);
  }

  /** A SHA-1, where a publisher states no better one. */
  public static Checksum sha1(String hex) {
    return new Checksum("SHA-1", hex);
  }

  /** The checksum of the same kind that a file has. */
  public Checksum of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in);
    }
  }

  /** The checksum of the same kind that some content has; reads it to its end. */
  public Checksum of(InputStream content) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
      digest.update(buffer, 0, count);
    }
    return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must provide " + algorithm, e);
    }
  }

  @Override
  public String toString() {
    return algorithm + " " + hex;
  }
}
