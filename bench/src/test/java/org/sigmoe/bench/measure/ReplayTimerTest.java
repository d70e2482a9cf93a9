package org.sigmoe.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ReplayTimerTest {
  private static final long NANOSECONDS = 4_000_000;

  /** Every third run takes ten times as long. */
  private static final class Uneven implements Contestant {
    private int runs;

    @Override
    public void run() {
      long end = System.nanoTime() + (runs++ % 3 == 2 ? 10 * NANOSECONDS : NANOSECONDS);
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(NANOSECONDS / 10);
      }
    }

    @Override
    public void close() {}
  }

  @Test
  void anIterationCountsAsItsMedian() {
    double[] medians = ReplayTimer.medians(new Uneven(), 1, 2, 0.1);
    assertEquals(2, medians.length);
    for (double median : medians) {
      assertTrue(median >= 4 && median < 20, median + " ms");
    }
  }

  @Test
  void anIterationHasARunHoweverShortItIs() {
    Uneven contestant = new Uneven();
    ReplayTimer.medians(contestant, 2, 3, 0);
    assertEquals(5, contestant.runs);
  }
}
