package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.types.BFloat16;

/** Sums of tensor cores, rounded by their bits. */
final class Bf16QuadsTest {
  private static float[] rounded(boolean relu, float... sums) {
    int[] bits = new int[4];
    for (int i = 0; i < 4; i++) {
      bits[i] = Float.floatToRawIntBits(sums[i]);
    }
    long quad = Bf16Quads.ofBits(bits[0], bits[1], bits[2], bits[3], relu);
    float[] elements = new float[4];
    for (int i = 0; i < 4; i++) {
      elements[i] = BFloat16.bf16ToFloat((short) (quad >> 16 * i));
    }
    return elements;
  }

  @Test
  void roundsAsAConversionDoes() {
    Random random = new Random(3);
    for (int round = 0; round < 1000; round++) {
      float[] sums = new float[4];
      for (int i = 0; i < 4; i++) {
        sums[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-30, 30)));
      }
      float[] actual = rounded(false, sums);
      float[] positive = rounded(true, sums);
      for (int i = 0; i < 4; i++) {
        float expected = BFloat16.bf16ToFloat(BFloat16.bf16FromFloat(sums[i]));
        assertEquals(expected, actual[i], "rounded " + sums[i]);
        assertEquals(Math.max(0f, expected), positive[i], "ReLU of " + sums[i]);
      }
    }
  }

  @Test
  void roundsHalvesAwayFromZero() {
    float half = 1 + 0x1p-8f;
    float[] actual = rounded(false, half, -half, 1 + 3 * 0x1p-8f, 0f);
    assertEquals(1 + 0x1p-7f, actual[0]);
    assertEquals(-1 - 0x1p-7f, actual[1]);
    assertEquals(1 + 0x1p-6f, actual[2]);
    assertEquals(0f, actual[3]);
  }

  @Test
  void keepsWhatIsNoNumber() {
    float nan = Float.intBitsToFloat(0x7FFF_FFFF);
    for (boolean relu : new boolean[] {false, true}) {
      float[] actual =
          rounded(relu, nan, Float.POSITIVE_INFINITY, Float.MAX_VALUE, Float.NEGATIVE_INFINITY);
      assertTrue(Float.isNaN(actual[0]), "NaN of tensor cores");
      assertEquals(Float.POSITIVE_INFINITY, actual[1]);
      assertEquals(Float.POSITIVE_INFINITY, actual[2], "rounded beyond the greatest bf16");
      assertEquals(relu ? 0f : Float.NEGATIVE_INFINITY, actual[3]);
    }
  }
}
