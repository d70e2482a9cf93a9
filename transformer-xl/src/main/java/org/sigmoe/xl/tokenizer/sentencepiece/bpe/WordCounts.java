package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.util.Arrays;
import org.sigmoe.xl.tokenizer.TokenizerException;

/**
 * How often each word of a text occurs. A word is any sequence of bytes.
 *
 * <p>A hash table over one array with all words, because texts have millions of them, and an object
 * for each would take several times the memory.
 */
final class WordCounts {
  private static final int NONE = -1;

  /** All words, one after the other; word w is bytes starts[w]..starts[w+1]-1. */
  private byte[] bytes = new byte[1 << 16];

  private int[] starts = new int[1 << 12];
  private long[] counts = new long[1 << 12];
  private int size;

  /** Words by hash, linearly probed, at most half full; a power of two. */
  private int[] table = filled(1 << 13);

  /** The number of different words. */
  int size() {
    return size;
  }

  /** The array with all words. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Where a word begins in {@link #bytes()}; that of word {@link #size()} is the end of the last.
   */
  int start(int word) {
    return starts[word];
  }

  long count(int word) {
    return counts[word];
  }

  /**
   * Counts a word once more.
   *
   * @throws TokenizerException if the different words have more than 2^31 bytes
   */
  void add(byte[] text, int from, int to) {
    int at = hash(text, from, to) & table.length - 1;
    while (table[at] != NONE) {
      int word = table[at];
      if (Arrays.equals(bytes, starts[word], starts[word + 1], text, from, to)) {
        counts[word]++;
        return;
      }
      at = at + 1 & table.length - 1;
    }
    table[at] = append(text, from, to);
    if (2 * size > table.length) {
      rehash();
    }
  }

  private int append(byte[] text, int from, int to) {
    int start = starts[size];
    int length = to - from;
    if (length > Integer.MAX_VALUE - 8 - start) {
      throw new TokenizerException(
          "the text has too many different words (more than 2^31 bytes of them); train on a sample"
              + " of its sentences, by --input-sentence-size");
    }
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, grown(bytes.length, start + length));
    }
    System.arraycopy(text, from, bytes, start, length);
    if (size + 2 > starts.length) {
      starts = Arrays.copyOf(starts, grown(starts.length, size + 2));
      counts = Arrays.copyOf(counts, starts.length);
    }
    counts[size] = 1;
    starts[size + 1] = start + length;
    return size++;
  }

  private static int grown(int capacity, int needed) {
    return (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, capacity * 3L / 2));
  }

  private void rehash() {
    table = filled(2 * table.length);
    for (int word = 0; word < size; word++) {
      int at = hash(bytes, starts[word], starts[word + 1]) & table.length - 1;
      while (table[at] != NONE) {
        at = at + 1 & table.length - 1;
      }
      table[at] = word;
    }
  }

  private static int[] filled(int length) {
    int[] table = new int[length];
    Arrays.fill(table, NONE);
    return table;
  }

  private static int hash(byte[] text, int from, int to) {
    int hash = 1;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text[i];
    }
    // Spreads what differs in the high bits only.
    hash *= 0x9E3779B9;
    return hash ^ hash >>> 16;
  }
}
