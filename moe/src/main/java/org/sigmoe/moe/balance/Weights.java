package org.sigmoe.moe.balance;

/** Checks of what losses are multiplied by. */
final class Weights {
  private Weights() {}

  static void check(String key, double weight) {
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(key + ": must be at least 0 and finite, got " + weight);
    }
  }
}
