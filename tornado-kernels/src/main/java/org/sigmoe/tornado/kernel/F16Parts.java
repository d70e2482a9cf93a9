package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.BFloat16;

/**
 * The two parts of an f16 element of which it is the sum, exactly, and that bf16 has: 11
 * significant bits are 8 and 3.
 */
final class F16Parts {
  /** What an f16's exponent lacks to that of an f32. */
  private static final float SCALE = 0x1p112f;

  private static final int SIGN = 0x8000;
  private static final int EXPONENT = 0x7C00;

  /** The exponent of the smallest normal number, and of all below. */
  private static final int LEAST_EXPONENT = 0x0400;

  private static final int LOW_BITS = 7;

  private F16Parts() {}

  /** The first 8 significant bits; an f16's lower three bits are beyond those of a bf16. */
  static float high(int bits) {
    int upper = bits & (EXPONENT | 0x03FF);
    return BFloat16.bf16ToFloat((short) ((bits & SIGN) | (upper >> 3))) * SCALE;
  }

  /** The last 3 significant bits. */
  static float low(int bits) {
    int exponent = Math.max(bits & EXPONENT, LEAST_EXPONENT);
    float unit = BFloat16.bf16ToFloat((short) ((bits & SIGN) | (exponent >> 3))) * SCALE;
    return (bits & LOW_BITS) * 0x1p-10f * unit;
  }
}
