package org.sigmoe.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PowerLawTest {
  @Test
  void findsTheLawThatPointsLieOn() {
    PowerLaw law = PowerLaw.of(new double[] {1, 2, 4, 16}, new double[] {3, 12, 48, 768});
    assertEquals(2, law.exponent(), 1e-12);
    assertEquals(3, law.factor(), 1e-12);
    assertEquals(1, law.fit(), 1e-12);
  }

  @Test
  void pointsBesideTheLawFitLess() {
    PowerLaw law = PowerLaw.of(new double[] {1, 2, 4}, new double[] {1, 3, 4});
    assertEquals(1, law.exponent(), 1e-12);
    assertTrue(law.fit() < 0.95, law.toString());
  }

  @Test
  void whatDoesNotGrowHasExponentZero() {
    PowerLaw law = PowerLaw.of(new double[] {8, 256}, new double[] {5, 5});
    assertEquals(0, law.exponent());
    assertEquals(1, law.fit());
  }

  @Test
  void refusesWhatHasNoExponent() {
    double[] same = {2, 2};
    double[] two = {1, 2};
    assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(same, two));
    assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(two, new double[] {1, 0}));
    assertThrows(IllegalArgumentException.class, () -> PowerLaw.of(two, new double[] {1}));
  }
}
