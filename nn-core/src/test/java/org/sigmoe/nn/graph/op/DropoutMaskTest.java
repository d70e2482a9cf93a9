package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

class DropoutMaskTest {
  private static final int ELEMENTS = 1 << 20;

  /** Computed by a few lines of Python from the description in the Javadoc. */
  @Test
  void hashHasItsKnownValues() {
    assertArrayEquals(
        new int[] {0, 0x688990c0, 0xd1132181, 0xcc4b4124},
        IntStream.of(0, 1, 2, 0x80000000).map(i -> DropoutMask.hash(i, 0, 0)).toArray());
    assertKnown(0, 0, 0, 0x7a267689, 0xec18f41b, 0x8a0a3ae6, 0xfb61a373, 0xf9892a84, 0xa8b694d0);
    assertKnown(1, 2, 3, 0xd121417d, 0xe6dbe48f, 0x6e52d805, 0x029079e4, 0xba5f7c6f, 0x913fd6bb);
    assertKnown(
        -1,
        Integer.MAX_VALUE,
        1000,
        0xd42316ce,
        0xaccef0ed,
        0xd1266c32,
        0xabc9081a,
        0x61673bd2,
        0x19b9d588);
  }

  private static void assertKnown(int seed, int step, int site, int key1, int key2, int... hashes) {
    assertEquals(key1, DropoutMask.key1(seed, step, site));
    assertEquals(key2, DropoutMask.key2(seed, step, site));
    assertArrayEquals(
        hashes,
        IntStream.of(0, 1, 12345, Integer.MAX_VALUE)
            .map(i -> DropoutMask.hash(i, key1, key2))
            .toArray());
  }

  @Test
  void maskHasItsKnownBeginning() {
    boolean[] kept = mask(1, 2, 3, 0.25f);
    StringBuilder beginning = new StringBuilder();
    for (int i = 0; i < 32; i++) {
      beginning.append(kept[i] ? '1' : '0');
    }
    assertEquals("10111110100101010111011011001110", beginning.toString());
  }

  @ParameterizedTest
  @CsvSource({"0.01,0,0,0", "0.1,1,0,0", "0.25,7,100,3", "0.5,-5,1,40", "0.9,123456789,99999,7"})
  void elementsAreDroppedAtTheRate(float rate, int seed, int step, int site) {
    int dropped = dropped(mask(seed, step, site, rate));
    assertWithinFiveDeviations(rate, dropped, ELEMENTS);
  }

  @Test
  void aRateOfAlmostOneLeavesAlmostNothing() {
    assertEquals(1 << 24, DropoutMask.threshold(Math.nextDown(1f)) + 1);
    assertTrue(dropped(mask(1, 1, 1, 0.9999f)) > ELEMENTS * 0.999);
  }

  @ParameterizedTest
  @ValueSource(floats = {0.1f, 0.5f})
  void masksOfTwoSitesStepsAndSeedsAreIndependent(float rate) {
    boolean[] mask = mask(3, 10, 5, rate);
    assertIndependent(mask, mask(3, 10, 6, rate), rate);
    assertIndependent(mask, mask(3, 11, 5, rate), rate);
    assertIndependent(mask, mask(4, 10, 5, rate), rate);
    // Seed, step and site exchanged.
    assertIndependent(mask, mask(10, 3, 5, rate), rate);
    assertIndependent(mask, mask(3, 5, 10, rate), rate);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16, 41, 128, 412, 1024, 65_536})
  void elementsAtADistanceAreIndependent(int distance) {
    float rate = 0.3f;
    boolean[] mask = mask(11, 12, 13, rate);
    int pairs = ELEMENTS - distance;
    int both = 0;
    for (int i = 0; i < pairs; i++) {
      both += !mask[i] && !mask[i + distance] ? 1 : 0;
    }
    assertWithinFiveDeviations(rate * rate, both, pairs);
  }

  /** Masks of which one is the other moved along would repeat the same pattern in every step. */
  @Test
  void masksOfConsecutiveStepsAreNotShiftsOfEachOther() {
    float rate = 0.5f;
    boolean[] mask = mask(0, 0, 0, rate);
    for (int step = 1; step <= 8; step++) {
      boolean[] other = mask(0, step, 0, rate);
      for (int shift = -64; shift <= 64; shift++) {
        int same = 0;
        int length = 1 << 16;
        for (int i = 64; i < length + 64; i++) {
          same += mask[i] == other[i + shift] ? 1 : 0;
        }
        assertTrue(
            Math.abs(same - length / 2.0) < 6 * Math.sqrt(length) / 2,
            "step " + step + " shifted by " + shift + " agrees in " + same + " of " + length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1f, 1.5f, Float.NaN})
  void rateOutsideItsRangeIsRefused(float rate) {
    Value key = new Graph().input("key", TensorType.i32(2));
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> new DropoutSite(key, 0, rate));
    assertTrue(thrown.getMessage().contains(Float.toString(rate)), thrown.getMessage());
  }

  private static boolean[] mask(int seed, int step, int site, float rate) {
    int key1 = DropoutMask.key1(seed, step, site);
    int key2 = DropoutMask.key2(seed, step, site);
    boolean[] kept = new boolean[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      kept[i] = DropoutMask.keeps(i, key1, key2, DropoutMask.threshold(rate));
    }
    return kept;
  }

  private static int dropped(boolean[] mask) {
    int dropped = 0;
    for (boolean kept : mask) {
      dropped += kept ? 0 : 1;
    }
    return dropped;
  }

  private static void assertIndependent(boolean[] a, boolean[] b, float rate) {
    int both = 0;
    for (int i = 0; i < ELEMENTS; i++) {
      both += !a[i] && !b[i] ? 1 : 0;
    }
    assertWithinFiveDeviations(rate * rate, both, ELEMENTS);
  }

  private static void assertWithinFiveDeviations(double probability, int count, int trials) {
    double deviation = Math.sqrt(trials * probability * (1 - probability));
    double expected = trials * probability;
    assertTrue(
        Math.abs(count - expected) <= 5 * deviation,
        "%d of %d, expected %.0f with a deviation of %.0f"
            .formatted(count, trials, expected, deviation));
  }
}
