package org.sigmoe.xl.generate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * Chooses tokens by their logits. What it draws depends on the config, the logits and how often it
 * was asked before; equal logits rank by token.
 */
final class Sampler {
  private static final long TOKEN_BITS = 0xFFFF_FFFFL;

  private final SamplingConfig config;
  private final SplittableRandom random;
  private final int vocabulary;

  /** Allowed tokens, each packed under its logit so that sorting ranks them, best last. */
  private final long[] ranked;

  private final double[] weights;

  Sampler(SamplingConfig config, int vocabulary) {
    this.config = config;
    this.random = new SplittableRandom(config.seed());
    this.vocabulary = vocabulary;
    this.ranked = new long[vocabulary];
    this.weights = new double[vocabulary];
  }

  /**
   * The next token.
   *
   * @param logits [V] floats
   * @param allowed which tokens may come next
   * @throws IllegalStateException if none may, or the best logit is not a finite number
   */
  int next(MemorySegment logits, IntPredicate allowed) {
    int count = rank(logits, allowed);
    float best = logits.getAtIndex(ValueLayout.JAVA_FLOAT, token(count - 1));
    if (!Float.isFinite(best)) {
      throw new IllegalStateException(
          "The model's logits are not finite numbers: its weights are of no use");
    }
    if (config.temperature() == 0) {
      return token(count - 1);
    }
    int kept = Math.min(count, config.topK());
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      double logit = logits.getAtIndex(ValueLayout.JAVA_FLOAT, token(count - 1 - i));
      weights[i] = Math.exp((logit - best) / config.temperature());
      sum += weights[i];
    }
    return token(count - 1 - draw(kept, sum));
  }

  /** Packs and sorts the allowed tokens; returns how many there are. */
  private int rank(MemorySegment logits, IntPredicate allowed) {
    int count = 0;
    for (int token = 0; token < vocabulary; token++) {
      if (allowed.test(token)) {
        float logit = logits.getAtIndex(ValueLayout.JAVA_FLOAT, token);
        ranked[count++] = (long) sortable(logit) << 32 | TOKEN_BITS - token;
      }
    }
    if (count == 0) {
      throw new IllegalStateException("No token may come next");
    }
    Arrays.sort(ranked, 0, count);
    return count;
  }

  private int token(int rank) {
    return (int) (TOKEN_BITS - (ranked[rank] & TOKEN_BITS));
  }

  /** An integer that orders as the float does, -0 before 0 and NaN last. */
  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ (bits >> 31) & Integer.MAX_VALUE;
  }

  /** Draws a place, from 0 for the best, by weight among the fewest that reach topP. */
  private int draw(int kept, double sum) {
    double nucleus = 0;
    int count = 0;
    while (count < kept && (count == 0 || nucleus < config.topP() * sum)) {
      nucleus += weights[count++];
    }
    double point = random.nextDouble() * nucleus;
    for (int i = 0; i < count - 1; i++) {
      point -= weights[i];
      if (point < 0) {
        return i;
      }
    }
    return count - 1;
  }
}
