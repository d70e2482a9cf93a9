package org.sigmoe.xl.data;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, and its first 64 bits as the short name of something. */
public final class Hashes {

  private static final int SHORT_BYTES = 8;

  private Hashes() {}

  /** A new digest. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must provide SHA-256", e);
    }
  }

  /** Ends the digest: its first 8 bytes as 16 hexadecimal digits. */
  public static String shortHex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, SHORT_BYTES);
  }
}
