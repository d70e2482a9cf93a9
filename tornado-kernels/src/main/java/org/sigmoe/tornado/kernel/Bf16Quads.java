package org.sigmoe.tornado.kernel;

/** Four adjacent bf16 elements as one long, the first one in its lowest bits. */
final class Bf16Quads {
  /** As an f32 a NaN; the greatest int to which half of a bf16's last place can be added. */
  private static final int NAN = 0x7FFF0000;

  private static final int HALF = 0x8000;

  private Bf16Quads() {}

  /**
   * Rounds four sums of tensor cores, given by the bits of an f32, to the nearest, halves away from
   * 0: a quarter of the instructions that conversions from f32 take. NaNs stay NaNs, because those
   * of tensor cores have no sign.
   *
   * @param relu whether negative ones become 0
   */
  static long ofBits(int first, int second, int third, int fourth, boolean relu) {
    return (pair(first, second, relu) & 0xFFFFFFFFL) | ((long) pair(third, fourth, relu) << 32);
  }

  private static int pair(int first, int second, boolean relu) {
    int low = addHalf(first, relu);
    int high = addHalf(second, relu);
    return ((low >> 16) & 0xFFFF) | (high & 0xFFFF0000);
  }

  private static int addHalf(int bits, boolean relu) {
    int number = Math.min(bits, NAN);
    return (relu ? Math.max(number, 0) : number) + HALF;
  }
}
