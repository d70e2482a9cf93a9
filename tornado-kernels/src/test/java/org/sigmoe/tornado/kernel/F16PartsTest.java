package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.types.BFloat16;

final class F16PartsTest {
  private static final int INFINITY = 0x7C00;

  @Test
  void partsOfAllNumbersAreInBf16AndSumUp() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits & INFINITY) != INFINITY) {
        float high = F16Parts.high((short) bits);
        float low = F16Parts.low((short) bits);
        // Compared as numbers: that of a zero may lose its sign.
        assertTrue(Float.float16ToFloat((short) bits) == high + low, high + " + " + low);
        assertTrue(high == BFloat16.bf16ToFloat(BFloat16.bf16FromFloat(high)), "high " + high);
        assertTrue(low == BFloat16.bf16ToFloat(BFloat16.bf16FromFloat(low)), "low " + low);
      }
    }
  }
}
