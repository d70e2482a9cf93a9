package org.sigmoe.cli.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MovingMeanTest {

  @Test
  void eachValueBecomesTheMeanOfAsManyNeighboursOnBothSides() {
    assertArrayEquals(
        new double[] {0, 1, 2, 16.0 / 3, 10}, MovingMean.of(new double[] {0, 0, 3, 3, 10}, 1));
  }

  @Test
  void straightLineStaysWhatItIsUpToItsEnds() {
    double[] line = {1, 2, 3, 4, 5, 6, 7};
    assertArrayEquals(line, MovingMean.of(line, 3), 1e-12);
  }

  @Test
  void whatIsNotFiniteSpoilsNoNeighbour() {
    assertArrayEquals(
        new double[] {1, Double.NaN, 3}, MovingMean.of(new double[] {1, Double.NaN, 3}, 2));
    assertEquals(1.5, MovingMean.of(new double[] {1, 2, Double.POSITIVE_INFINITY, 2, 3}, 2)[1]);
  }

  @Test
  void medianIsTheMiddle() {
    assertEquals(2, Median.of(3, 1, 2));
    assertEquals(2.5, Median.of(4, 1, 2, 3));
    assertThrows(IllegalArgumentException.class, Median::of);
  }
}
