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

  /**
   * Four of eight adjacent elements.
   *
   * @param first the first four
   * @param next those behind them
   * @param element the one to begin with, 0 to 3
   */
  static long from(long first, long next, int element) {
    int a = (int) first;
    int b = (int) (first >> 32);
    int c = (int) next;
    int d = (int) (next >> 32);
    int pair = (element & 2) == 0 ? a : b;
    int following = (element & 2) == 0 ? b : c;
    int last = (element & 2) == 0 ? c : d;
    int low = (element & 1) == 0 ? pair : ((pair >> 16) & 0xFFFF) | (following << 16);
    int high = (element & 1) == 0 ? following : ((following >> 16) & 0xFFFF) | (last << 16);
    return of(low, high);
  }
}
