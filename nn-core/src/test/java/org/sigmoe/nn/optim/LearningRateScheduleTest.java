package org.sigmoe.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.sigmoe.nn.optim.LearningRateSchedule.Constant;
import org.sigmoe.nn.optim.LearningRateSchedule.Cosine;
import org.sigmoe.nn.optim.LearningRateSchedule.WarmUp;

class LearningRateScheduleTest {
  @Test
  void constantStays() {
    assertEquals(0.25, new Constant(0.25).at(0));
    assertEquals(0.25, new Constant(0.25).at(1_000_000));
  }

  @Test
  void cosineGoesFromPeakToMinimum() {
    LearningRateSchedule cosine = new Cosine(1, 0.2, 100);
    assertEquals(1, cosine.at(0), 1e-15);
    assertEquals(0.6, cosine.at(50), 1e-15);
    assertEquals(0.2 + 0.4 * (1 + Math.sqrt(0.5)), cosine.at(25), 1e-15);
    assertEquals(0.2, cosine.at(100), 1e-15);
  }

  @Test
  void warmUpRisesToThePeakAndStartsTheOtherClockAfterIt() {
    LearningRateSchedule warmed = new WarmUp(4, new Cosine(1, 0, 10));
    assertEquals(0.25, warmed.at(0), 1e-15);
    assertEquals(1, warmed.at(3), 1e-15);
    assertEquals(1, warmed.at(4), 1e-15);
    assertEquals(0.5, warmed.at(9), 1e-15);
    assertEquals(0, warmed.at(14), 1e-15);
  }

  /** The paper's WT-B run: 100,000 steps of which 4,000 warm up, so the cosine stops at 96,000. */
  @Test
  void thePapersWarmedRunEndsAboveZero() {
    LearningRateSchedule paper = new WarmUp(4000, new Cosine(2.5e-4, 0, 100_000));
    assertEquals(0.004, paper.at(100_000) / 2.5e-4, 0.0001);
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Constant(0));
    assertThrows(IllegalArgumentException.class, () -> new Constant(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new Cosine(1, 2, 10));
    assertThrows(IllegalArgumentException.class, () -> new Cosine(1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new WarmUp(0, new Constant(1)));
  }
}
