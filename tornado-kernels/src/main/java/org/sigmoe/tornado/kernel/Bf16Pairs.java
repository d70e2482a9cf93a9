package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Two adjacent bf16 elements as one int, the first one in its lower half: kernels that stream read
 * and write them so, for half as many accesses.
 */
final class Bf16Pairs {
  /** As an f32 a NaN; the greatest int to which {@link #HALF} can be added. */
  private static final int NAN = 0x7FFF0000;

  /** Half of a bf16's last place, in the bits of an f32. */
  private static final int HALF = 0x8000;

  private Bf16Pairs() {}

  static float first(int pair) {
    return BFloat16.bf16ToFloat((short) pair);
  }

  static float second(int pair) {
    return BFloat16.bf16ToFloat((short) (pair >> 16));
  }

  /** By way of long, because TornadoVM computes an or of shorts in 16 bits. */
  static int of(float first, float second) {
    return (int)
        ((BFloat16.bf16FromFloat(first) & 0xFFFFL)
            | ((BFloat16.bf16FromFloat(second) & 0xFFFFL) << 16));
  }

  /**
   * Rounds two numbers, given by the bits of an f32, to the nearest, halves away from 0: a quarter
   * of the instructions that conversions from f32 take. NaNs stay NaNs, because a GPU's have no
   * sign.
   *
   * @param relu whether negative numbers become 0
   */
  static int ofBits(int first, int second, boolean relu) {
    int low = addHalf(first, relu);
    int high = addHalf(second, relu);
    return ((low >> 16) & 0xFFFF) | (high & 0xFFFF0000);
  }

  /** As {@link #ofBits} for numbers that are not NaN, which become others. */
  static int ofNumbers(int first, int second) {
    return (((first + HALF) >> 16) & 0xFFFF) | ((second + HALF) & 0xFFFF0000);
  }

  private static int addHalf(int bits, boolean relu) {
    int number = Math.min(bits, NAN);
    return (relu ? Math.max(number, 0) : number) + HALF;
  }

  /** The element of a row that begins at {@code row}; 0 beyond its last column. */
  static float orZero(FloatArray x, int row, int column, int columns) {
    float value = 0f;
    if (column < columns) {
      value = x.get(row + column);
    }
    return value;
  }
}
