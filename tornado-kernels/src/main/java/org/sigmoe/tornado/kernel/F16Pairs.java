package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.HalfFloat;

/** Two adjacent f16 elements as one int, the first one in its lower half. */
final class F16Pairs {
  private F16Pairs() {}

  /**
   * By way of long, because TornadoVM computes an or of shorts in 16 bits. Both must be known
   * before either is rounded: TornadoVM allocates what lives across a branch.
   */
  static int of(float first, float second) {
    return (int)
        ((new HalfFloat(first).getHalfFloatValue() & 0xFFFFL)
            | ((new HalfFloat(second).getHalfFloatValue() & 0xFFFFL) << 16));
  }
}
