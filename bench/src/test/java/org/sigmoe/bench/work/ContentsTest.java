package org.sigmoe.bench.work;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContentsTest {
  private static final int ELEMENTS = 3 * Contents.PART + 5;

  @Test
  void theSameSeedGivesTheSameElements() {
    assertArrayEquals(normal(7), normal(7));
    assertFalse(Arrays.equals(normal(7), normal(8)));
  }

  @Test
  void noPartRepeatsAnother() {
    float[] elements = normal(7);
    for (int part = 1; part < 3; part++) {
      int start = part * Contents.PART;
      assertFalse(Arrays.equals(elements, 0, 1000, elements, start, start + 1000), "part " + part);
    }
  }

  @Test
  void allPartsAreNormal() {
    double sum = 0;
    double squares = 0;
    for (float element : normal(7)) {
      sum += element;
      squares += (double) element * element;
    }
    assertEquals(0, sum / ELEMENTS, 0.02);
    assertEquals(4, squares / ELEMENTS, 0.05);
  }

  @Test
  void elementsAreRoundedToTheNearestAndTiesToEven() {
    float step = 0x1p-7f;
    float[] elements = {
      1 + step / 2, 1 + 3 * step / 2, 1 + 0.51f * step, -(1 + 0.49f * step), 0, 3e38f
    };
    float[] expected = {1, 1 + 2 * step, 1 + step, -1, 0, 0x1.c4p127f};
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocateFrom(JAVA_FLOAT, elements);
      Contents.roundToBf16(segment);
      assertArrayEquals(expected, segment.toArray(JAVA_FLOAT));
    }
  }

  private static float[] normal(long seed) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment elements = arena.allocate(JAVA_FLOAT, ELEMENTS);
      Contents.normal(2).fill(new SplittableRandom(seed), elements);
      return elements.toArray(JAVA_FLOAT);
    }
  }
}
