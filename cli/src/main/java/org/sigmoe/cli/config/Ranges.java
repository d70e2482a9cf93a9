package org.sigmoe.cli.config;

/** Checks whose messages name the key. */
final class Ranges {
  private Ranges() {}

  static void requireAtLeast(long least, String key, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: must be at least %d, got %d".formatted(key, least, value));
    }
  }
}
