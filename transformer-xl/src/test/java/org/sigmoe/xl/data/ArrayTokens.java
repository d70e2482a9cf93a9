package org.sigmoe.xl.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/** Tokens that a test makes up. */
record ArrayTokens(int... tokens) implements TokenSource {

  /** 0, 1, 2, ..., n-1: each token is its position. */
  static ArrayTokens counting(int n) {
    return new ArrayTokens(IntStream.range(0, n).toArray());
  }

  @Override
  public String description() {
    return "the test's tokens";
  }

  @Override
  public long length() {
    return tokens.length;
  }

  @Override
  public void read(long position, int count, MemorySegment target, long index) {
    MemorySegment.copy(
        tokens,
        Math.toIntExact(position),
        target,
        ValueLayout.JAVA_INT,
        index * Integer.BYTES,
        count);
  }
}
