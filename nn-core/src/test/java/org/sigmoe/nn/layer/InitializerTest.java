package org.sigmoe.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.Shape;

class InitializerTest {
  private static final int ROWS = 300;
  private static final int COLUMNS = 200;

  private static float[] draw(String name, long seed, Initializer initializer) {
    float[] elements = new float[ROWS * COLUMNS];
    Parameter.weight(name, Shape.of(ROWS, COLUMNS), initializer)
        .initialise(seed, MemorySegment.ofArray(elements));
    return elements;
  }

  private static double mean(float[] elements) {
    double sum = 0;
    for (float element : elements) {
      sum += element;
    }
    return sum / elements.length;
  }

  private static double std(float[] elements) {
    double mean = mean(elements);
    double squares = 0;
    for (float element : elements) {
      squares += (element - mean) * (element - mean);
    }
    return Math.sqrt(squares / (elements.length - 1));
  }

  private static double largest(float[] elements) {
    double largest = 0;
    for (float element : elements) {
      largest = Math.max(largest, Math.abs(element));
    }
    return largest;
  }

  @Test
  void constantsFillEveryElement() {
    float[] ones = new float[ROWS * COLUMNS];
    Arrays.fill(ones, 1);
    assertArrayEquals(new float[ROWS * COLUMNS], draw("w", 1, Initializer.zeros()));
    assertArrayEquals(ones, draw("w", 1, Initializer.ones()));
  }

  @Test
  void normalHasTheGivenStandardDeviation() {
    float[] drawn = draw("w", 1, new Initializer.Normal(0.5));
    // Four standard errors of the mean and of the standard deviation of 60,000 elements.
    assertEquals(0, mean(drawn), 4 * 0.5 / Math.sqrt(drawn.length));
    assertEquals(0.5, std(drawn), 4 * 0.5 / Math.sqrt(2.0 * drawn.length));
    assertTrue(largest(drawn) > 3 * 0.5, "a normal sample of this size has tails");
  }

  @Test
  void uniformFillsItsRangeAndNoMore() {
    float[] drawn = draw("w", 1, new Initializer.Uniform(0.25));
    assertTrue(largest(drawn) <= 0.25);
    assertEquals(0.25, largest(drawn), 0.001);
    assertEquals(0.25 / Math.sqrt(3), std(drawn), 0.002);
    assertEquals(0, mean(drawn), 0.003);
  }

  @Test
  void linearDefaultIsThatOfPyTorch() {
    assertEquals(new Initializer.Uniform(1 / Math.sqrt(412)), Initializer.linearDefault(412));
  }

  @Test
  void xavierBoundComesFromBothSizes() {
    float[] drawn = draw("w", 1, new Initializer.XavierUniform());
    double bound = Math.sqrt(6.0 / (ROWS + COLUMNS));
    assertTrue(largest(drawn) <= bound);
    assertEquals(bound, largest(drawn), 0.001);
  }

  @Test
  void truncatedNormalHasExactlyItsStandardDeviationAndNoTails() {
    double std = Math.sqrt(2.0 / (16 * COLUMNS));
    float[] drawn = draw("w", 1, Initializer.preLayerNorm(COLUMNS, 16));
    assertEquals(std, std(drawn), 1e-6 * std);
    // Truncation at 2 leaves a standard deviation of 0.8796, which the scaling makes up for.
    double cut = 2 / 0.8796 * std;
    assertTrue(largest(drawn) < 1.02 * cut, "largest is " + largest(drawn));
    assertTrue(largest(drawn) > 0.95 * cut, "largest is " + largest(drawn));
  }

  @Test
  void truncatedNormalOfOneElementIsRefused() {
    Parameter single = Parameter.weight("w", Shape.of(1), new Initializer.TruncatedNormal(1));
    assertThrows(
        IllegalArgumentException.class,
        () -> single.initialise(1, MemorySegment.ofArray(new float[1])));
  }

  @Test
  void elementsDependOnSeedAndNameAlone() {
    Initializer normal = new Initializer.Normal(1);
    float[] first = draw("layers.0.w", 1, normal);
    assertArrayEquals(first, draw("layers.0.w", 1, normal));
    assertFalse(Arrays.equals(first, draw("layers.1.w", 1, normal)));
    assertFalse(Arrays.equals(first, draw("layers.0.w", 2, normal)));
  }

  @Test
  void targetOfAnotherSizeIsRefused() {
    Parameter parameter = Parameter.weight("w", Shape.of(2, 3), Initializer.zeros());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> parameter.initialise(1, MemorySegment.ofArray(new float[5])));
    assertEquals("Parameter w f32[2,3] needs 24 bytes, got 20", refused.getMessage());
  }
}
