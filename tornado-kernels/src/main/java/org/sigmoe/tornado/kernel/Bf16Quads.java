package org.sigmoe.tornado.kernel;

/** Four adjacent bf16 elements as one long, the first one in its lowest bits. */
final class Bf16Quads {
  private Bf16Quads() {}

  /**
   * Four rounded numbers, as {@link Bf16Pairs#ofBits}. Their pairs are made of ints, so that an or
   * does for what {@link Quads} has to add.
   */
  static long ofBits(int first, int second, int third, int fourth, boolean relu) {
    return (Bf16Pairs.ofBits(first, second, relu) & 0xFFFFFFFFL)
        | ((long) Bf16Pairs.ofBits(third, fourth, relu) << 32);
  }
}
