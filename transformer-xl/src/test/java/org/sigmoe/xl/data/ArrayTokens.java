package org.sigmoe.xl.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Tokens that a test makes up. */
public record ArrayTokens(int... tokens) implements TokenSource {

  /** 0, 1, 2, ..., n-1: each token is its position. */
  static ArrayTokens counting(int n) {
    return new ArrayTokens(IntStream.range(0, n).toArray());
  }

  /** {@code n} tokens below {@code vocabulary}, the same for the same seed. */
  public static ArrayTokens random(long seed, int n, int vocabulary) {
    return new ArrayTokens(new SplittableRandom(seed).ints(n, 0, vocabulary).toArray());
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
