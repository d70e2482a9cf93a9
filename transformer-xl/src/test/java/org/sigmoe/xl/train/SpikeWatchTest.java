package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpikeWatchTest {
  private static final double FACTOR = 1.05;

  /** Falls as losses do, with as much noise as those of small batches have. */
  private static double healthy(int step, Random random) {
    return (1.5 + 4 / Math.sqrt(1 + step)) * Math.exp(0.08 * random.nextGaussian());
  }

  private static List<Integer> spikes(int steps, int begin, int end, double times) {
    SpikeWatch watch = new SpikeWatch(FACTOR);
    Random random = new Random(5);
    List<Integer> found = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      double value = healthy(step, random) * (step >= begin && step < end ? times : 1);
      if (watch.next(value).isPresent()) {
        found.add(step);
      }
    }
    return found;
  }

  @Test
  void aHealthyCurveIsSilentForTensOfThousandsOfReports() {
    assertEquals(List.of(), spikes(30_000, 0, 0, 1));
  }

  @Test
  void aSpikeIsToldOnceAndNotAgainWhileItLasts() {
    assertEquals(List.of(400), spikes(1000, 400, 430, 2));
  }

  @Test
  void whatStaysHighBecomesTheUsual() {
    assertEquals(List.of(400), spikes(2000, 400, 2000, 2));
  }

  @Test
  void aLaterSpikeIsToldToo() {
    SpikeWatch watch = new SpikeWatch(FACTOR);
    Random random = new Random(3);
    List<Integer> found = new ArrayList<>();
    for (int step = 0; step < 1000; step++) {
      double value = healthy(step, random) * (step == 300 || step == 600 ? 3 : 1);
      watch.next(value).ifPresent(_ -> found.add((int) Math.round(value)));
    }
    assertEquals(2, found.size());
  }

  @Test
  void nothingIsSaidOfTheFirstValues() {
    assertEquals(List.of(), spikes(SpikeWatch.LEAST, 10, 11, 100));
    assertEquals(List.of(SpikeWatch.LEAST), spikes(60, SpikeWatch.LEAST, 21, 100));
  }

  @Test
  void smallRisesOfValuesThatHardlyDifferAreNoSpikes() {
    SpikeWatch watch = new SpikeWatch(FACTOR);
    for (int i = 0; i < 100; i++) {
      assertTrue(watch.next(2).isEmpty());
    }
    assertTrue(watch.next(2.09).isEmpty());
    SpikeWatch.Spike spike = watch.next(2.2).orElseThrow();
    assertEquals(2, spike.median(), 1e-9);
    assertEquals(1.1, spike.factor(), 1e-9);
  }

  @Test
  void fallsAreNoSpikes() {
    assertEquals(List.of(), spikes(1000, 400, 401, 0.01));
  }
}
