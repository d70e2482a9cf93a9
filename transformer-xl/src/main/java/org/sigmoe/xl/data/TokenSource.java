package org.sigmoe.xl.data;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A long sequence of tokens that can be read at any position, usually much larger than memory.
 *
 * <p>May be read by several threads at once.
 */
public interface TokenSource {

  /** What it is, for messages: for example {@code the train split of /data/books}. */
  String description();

  /** n, the number of tokens. */
  long length();

  /**
   * Copies {@code count} tokens, from {@code position} on, into a segment of 32-bit integers.
   * Allocates nothing.
   *
   * @param position of the first token, 0 to {@code length() - count}
   * @param target where the tokens go, aligned to 4 bytes
   * @param index of the first token's place in the target, in integers
   * @throws IndexOutOfBoundsException if either range does not fit
   */
  void read(long position, int count, MemorySegment target, long index);

  /** How much text the tokens stand for, where that can be told. May read all of them. */
  default Optional<TextCounts> countText() {
    return Optional.empty();
  }
}
