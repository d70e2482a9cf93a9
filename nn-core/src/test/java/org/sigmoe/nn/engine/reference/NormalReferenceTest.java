package org.sigmoe.nn.engine.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NormalReferenceTest {
  /** x and the distribution function at x, from tables of many digits. */
  private static final double[][] KNOWN = {
    {0, 0.5},
    {0.5, 0.6914624612740131},
    {1, 0.8413447460685429},
    {2, 0.9772498680518208},
    {3, 0.9986501019683699},
    {6, 0.9999999990134123},
  };

  @Test
  void distributionIsThatOfTables() {
    for (double[] known : KNOWN) {
      assertEquals(known[1], NormalReference.distribution(known[0]), 1e-15);
      assertEquals(1 - known[1], NormalReference.distribution(-known[0]), 1e-15);
    }
  }

  @Test
  void farFromZeroItIsZeroOrOne() {
    assertEquals(1, NormalReference.distribution(1e9));
    assertEquals(0, NormalReference.distribution(-40));
    assertEquals(1, NormalReference.distribution(8.9), 1e-15);
  }

  @Test
  void densityIsTheSlopeOfTheDistribution() {
    for (double x = -4; x <= 4; x += 0.5) {
      double slope =
          (NormalReference.distribution(x + 1e-5) - NormalReference.distribution(x - 1e-5)) / 2e-5;
      assertEquals(slope, NormalReference.density(x), 1e-9);
    }
  }
}
