package org.sigmoe.xl.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * A short name for the content of a {@link TokenSource}, by which a resumed run notices that its
 * data is not what it was.
 *
 * <p>It covers the length and 64 evenly spaced windows of 4,096 tokens, the first and the last
 * among them (all tokens, where there are no more than that). So it costs the same for any length
 * and does not depend on where the file lies; an edit that keeps the length and touches no window
 * goes unnoticed.
 */
final class Fingerprint {

  private static final int WINDOWS = 64;
  private static final int WINDOW_TOKENS = 4096;

  private Fingerprint() {}

  /** 16 hexadecimal digits. */
  static String of(TokenSource source) {
    MessageDigest digest = Hashes.sha256();
    long length = source.length();
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(length).flip());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment window = arena.allocate(ValueLayout.JAVA_INT, WINDOW_TOKENS);
      if (length <= (long) WINDOWS * WINDOW_TOKENS) {
        for (long start = 0; start < length; start += WINDOW_TOKENS) {
          update(digest, source, start, (int) Math.min(WINDOW_TOKENS, length - start), window);
        }
      } else {
        for (int i = 0; i < WINDOWS; i++) {
          // (length - window) / 63 * i without overflow: i / 63 is taken from both parts
          long span = length - WINDOW_TOKENS;
          int gaps = WINDOWS - 1;
          update(digest, source, span / gaps * i + span % gaps * i / gaps, WINDOW_TOKENS, window);
        }
      }
    }
    return Hashes.shortHex(digest);
  }

  private static void update(
      MessageDigest digest, TokenSource source, long position, int count, MemorySegment window) {
    source.read(position, count, window, 0);
    // big-endian whatever the machine, so that the name is the same everywhere
    ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES);
    for (int i = 0; i < count; i++) {
      bytes.putInt(window.getAtIndex(ValueLayout.JAVA_INT, i));
    }
    digest.update(bytes.flip());
  }
}
