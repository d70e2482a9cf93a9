package org.sigmoe.moe;

/** Checks whose messages name the key. */
final class Ranges {
  private Ranges() {}

  static void requireAtLeast(int least, String key, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: must be at least %d, got %d".formatted(key, least, value));
    }
  }

  static void requireRate(String key, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(key + ": must be in [0, 1), got " + value);
    }
  }
}
