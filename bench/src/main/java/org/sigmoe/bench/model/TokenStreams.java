package org.sigmoe.bench.model;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Endless token streams for benchmarks: B streams, of which each step reads the next T tokens; the
 * target of a token is the token after it. The tokens are uniformly random, since the time of a
 * step does not depend on them, and the same for the same seed.
 */
public final class TokenStreams {
  private final ModelShape shape;
  private final RandomGenerator random;
  private final int[] last;

  /** Streams for the batches of {@code shape}. */
  public TokenStreams(ModelShape shape, long seed) {
    this.shape = shape;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.last = random.ints(shape.batch(), 0, shape.vocabulary()).toArray();
  }

  /**
   * The tokens of one step.
   *
   * @param tokens [B, T], row major
   * @param targets [B, T], row major: {@code tokens} moved on by one
   */
  public record Batch(int[] tokens, int[] targets) {}

  /** The next step's tokens. */
  public Batch next() {
    int[] tokens = new int[shape.tokensPerStep()];
    int[] targets = new int[shape.tokensPerStep()];
    for (int stream = 0; stream < shape.batch(); stream++) {
      for (int t = 0; t < shape.context(); t++) {
        int at = stream * shape.context() + t;
        tokens[at] = last[stream];
        last[stream] = random.nextInt(shape.vocabulary());
        targets[at] = last[stream];
      }
    }
    return new Batch(tokens, targets);
  }
}
