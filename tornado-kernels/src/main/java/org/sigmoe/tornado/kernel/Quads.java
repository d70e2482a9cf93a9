package org.sigmoe.tornado.kernel;

/** Four adjacent elements of 16 bits as one long, the first one in its lowest bits. */
final class Quads {
  private Quads() {}

  /**
   * Two pairs, as {@link F16Pairs} and {@link Bf16Pairs} have them.
   *
   * <p>A sum, in which what a negative first pair takes from the second one is given back. Of
   * shifts and ors of elements that were just rounded CUDA's compiler makes insertions of 16 bits
   * into 64, and its assembler (13.0) then stores in place of the second pair what the register
   * held before.
   */
  static long of(int first, int second) {
    return first + ((long) (second - (first >> 31)) << 32);
  }
}
