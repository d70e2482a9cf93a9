package org.sigmoe.xl.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final IntPredicate ALL = token -> true;
  private static final int DRAWS = 40_000;

  @Test
  void tokensAreDrawnAsOftenAsTheirProbabilitySays() {
    double[] p = {0.5, 0.1, 0.05, 0.35};
    assertArrayEquals(p, frequencies(SamplingConfig.ofSeed(1), ALL, p), 0.01);
  }

  @Test
  void temperatureRaisesProbabilitiesToItsInverse() {
    double[] p = {0.5, 0.1, 0.4};
    double sum = 0.25 + 0.01 + 0.16; // p^(1/0.5)
    assertArrayEquals(
        new double[] {0.25 / sum, 0.01 / sum, 0.16 / sum},
        frequencies(SamplingConfig.ofSeed(2).withTemperature(0.5), ALL, p),
        0.01);
  }

  @Test
  void temperatureZeroTakesTheMostLikelyTokenAndTheFirstOfEquals() {
    SamplingConfig greedy = SamplingConfig.ofSeed(3).withTemperature(0);
    assertArrayEquals(
        new double[] {0, 1, 0, 0}, frequencies(greedy, ALL, new double[] {0.2, 0.3, 0.2, 0.3}));
  }

  @Test
  void topKDrawsFromTheMostLikelyOnly() {
    double[] p = {0.1, 0.2, 0.3, 0.4};
    assertArrayEquals(
        new double[] {0, 0, 3 / 7.0, 4 / 7.0},
        frequencies(SamplingConfig.ofSeed(4).withTopK(2), ALL, p),
        0.01);
  }

  @Test
  void topPDrawsFromTheFewestThatReachIt() {
    double[] p = {0.1, 0.2, 0.3, 0.4};
    assertArrayEquals(
        new double[] {0, 2 / 9.0, 3 / 9.0, 4 / 9.0},
        frequencies(SamplingConfig.ofSeed(5).withTopP(0.75), ALL, p),
        0.01);
    assertArrayEquals(
        new double[] {0, 0, 0, 1}, frequencies(SamplingConfig.ofSeed(5).withTopP(1e-9), ALL, p));
  }

  @Test
  void topPIsOfWhatTopKLeaves() {
    double[] p = {0.1, 0.2, 0.3, 0.4}; // of the two best, the best has 4/7 = 0.571
    SamplingConfig config = SamplingConfig.ofSeed(6).withTopK(2);
    assertEquals(1, frequencies(config.withTopP(0.57), ALL, p)[3]);
    assertTrue(frequencies(config.withTopP(0.58), ALL, p)[3] < 1);
  }

  @Test
  void tokensThatMayNotComeNeverDo() {
    double[] p = {0.1, 0.2, 0.3, 0.4};
    assertArrayEquals(
        new double[] {1 / 3.0, 2 / 3.0, 0, 0},
        frequencies(SamplingConfig.ofSeed(7), token -> token < 2, p),
        0.01);
    assertThrows(
        IllegalStateException.class,
        () -> frequencies(SamplingConfig.ofSeed(7), token -> false, p));
  }

  @Test
  void logitsOfAnySizeAndSignRankRight() {
    float[] logits = {-1e30f, -5, -0.5f, 0, 3, -1e-30f, 1e30f, -1000};
    int[] order = {6, 4, 3, 5, 2, 1, 7, 0};
    for (int k = 0; k < order.length; k++) {
      int best = k;
      IntPredicate notTheBetter =
          token -> {
            for (int i = 0; i < best; i++) {
              if (order[i] == token) {
                return false;
              }
            }
            return true;
          };
      SamplingConfig greedy = SamplingConfig.ofSeed(8).withTemperature(0);
      try (Arena arena = Arena.ofConfined()) {
        Sampler sampler = new Sampler(greedy, logits.length);
        assertEquals(
            order[k],
            sampler.next(arena.allocateFrom(ValueLayout.JAVA_FLOAT, logits), notTheBetter));
      }
    }
  }

  @Test
  void logitsThatAreNoNumbersAreReported() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment logits = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, Float.NaN);
      Sampler sampler = new Sampler(SamplingConfig.ofSeed(9), 2);
      assertThrows(IllegalStateException.class, () -> sampler.next(logits, ALL));
    }
  }

  @Test
  void optionsOutOfRangeAreRefusedByName() {
    SamplingConfig config = SamplingConfig.ofSeed(0);
    assertRefused("temperature: ", () -> config.withTemperature(-0.1));
    assertRefused("temperature: ", () -> config.withTemperature(Double.NaN));
    assertRefused("topK: ", () -> config.withTopK(0));
    assertRefused("topP: ", () -> config.withTopP(0));
    assertRefused("topP: ", () -> config.withTopP(1.01));
  }

  private static void assertRefused(String begin, Runnable make) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, make::run);
    assertTrue(e.getMessage().startsWith(begin), e::getMessage);
  }

  /** How often each token is drawn where the model gives it that probability. */
  private static double[] frequencies(
      SamplingConfig config, IntPredicate allowed, double[] probabilities) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment logits = arena.allocate(ValueLayout.JAVA_FLOAT, probabilities.length);
      for (int i = 0; i < probabilities.length; i++) {
        logits.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.log(probabilities[i]) + 3);
      }
      Sampler sampler = new Sampler(config, probabilities.length);
      double[] frequencies = new double[probabilities.length];
      for (int i = 0; i < DRAWS; i++) {
        frequencies[sampler.next(logits, allowed)] += 1.0 / DRAWS;
      }
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] = Math.round(frequencies[i] * DRAWS) / (double) DRAWS;
      }
      return frequencies;
    }
  }
}
