package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import org.jspecify.annotations.Nullable;

/** Finds pairs by their two symbols: a hash table without an object for each key. */
final class PairTable {
  private long[] keys = new long[1 << 12];
  private @Nullable Pair[] pairs = new Pair[1 << 12];
  private int size;

  /** The pair of two symbols, or null if it was not added. */
  @Nullable Pair get(int left, int right) {
    return pairs[find(key(left, right))];
  }

  /** Adds a pair that is not there. */
  void add(Pair pair) {
    long key = key(pair.left, pair.right);
    put(find(key), key, pair);
    if (2 * size > keys.length) {
      rehash();
    }
  }

  private static long key(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }

  private int find(long key) {
    int mask = keys.length - 1;
    long hash = key * 0x9E3779B97F4A7C15L;
    int at = (int) (hash >>> 32) & mask;
    while (pairs[at] != null && keys[at] != key) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void put(int at, long key, Pair pair) {
    keys[at] = key;
    pairs[at] = pair;
    size++;
  }

  private void rehash() {
    long[] oldKeys = keys;
    @Nullable Pair[] oldPairs = pairs;
    keys = new long[2 * oldKeys.length];
    pairs = new Pair[2 * oldKeys.length];
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      Pair pair = oldPairs[i];
      if (pair != null) {
        put(find(oldKeys[i]), oldKeys[i], pair);
      }
    }
  }
}
