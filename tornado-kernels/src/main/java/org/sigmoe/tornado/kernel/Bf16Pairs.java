package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Two adjacent bf16 elements as one int, the first one in its lower half: kernels that stream read
 * and write them so, for half as many accesses.
 */
final class Bf16Pairs {
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

  /** The element of a row that begins at {@code row}; 0 beyond its last column. */
  static float orZero(FloatArray x, int row, int column, int columns) {
    float value = 0f;
    if (column < columns) {
      value = x.get(row + column);
    }
    return value;
  }
}
