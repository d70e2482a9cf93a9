package org.sigmoe.xl.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Which 90% of a text train the model, which 5% validate it, and which 5% test it.
 *
 * <p>Many documents are split by their paths, so that a whole document is held out or not at all,
 * and adding one document never moves another. A single document is split by position.
 */
public final class SplitRule {

  /** The shortest single document of which each split gets something. */
  public static final int FEWEST_BYTES = 11;

  private static final int TRAIN_PERCENT = 90;
  private static final int VALID_PERCENT = 5;

  private SplitRule() {}

  /**
   * The first 8 bytes of SHA-256 over a path in UTF-8, as a big-endian unsigned number.
   *
   * @param path relative to the directory or archive, with {@code /} between names
   */
  static long hash(String path) {
    return hash(path.getBytes(StandardCharsets.UTF_8));
  }

  private static long hash(byte[] content) {
    return ByteBuffer.wrap(Hashes.sha256().digest(content)).getLong();
  }

  /**
   * The split of the document with this path: the remainder of its {@link #hash} by 100 is below 90
   * for train, below 95 for valid, else test.
   *
   * @param path relative to the directory or archive, with {@code /} between names
   */
  public static Split byPath(String path) {
    return ofHash(hash(path));
  }

  /**
   * The split of a document that has no path, by a hash of its text: so that one that occurs twice
   * is not learned from and held out at once.
   */
  public static Split byText(byte[] text) {
    return ofHash(hash(text));
  }

  private static Split ofHash(long hash) {
    long percent = Long.remainderUnsigned(hash, 100);
    if (percent < TRAIN_PERCENT) {
      return Split.TRAIN;
    }
    return percent < TRAIN_PERCENT + VALID_PERCENT ? Split.VALID : Split.TEST;
  }

  /** Where a split of a single document of {@code length} bytes begins. */
  public static long start(Split split, long length) {
    return switch (split) {
      case TRAIN -> 0;
      case VALID -> percent(length, TRAIN_PERCENT);
      case TEST -> percent(length, TRAIN_PERCENT + VALID_PERCENT);
    };
  }

  /** Where a split of a single document of {@code length} bytes ends (exclusive). */
  public static long end(Split split, long length) {
    return switch (split) {
      case TRAIN -> start(Split.VALID, length);
      case VALID -> start(Split.TEST, length);
      case TEST -> length;
    };
  }

  private static long percent(long length, int percent) {
    return length / 100 * percent + length % 100 * percent / 100;
  }
}
