package org.sigmoe.xl.generate;

/**
 * How the next token is chosen. First the temperature, then the K most likely, then of these the
 * fewest that reach probability P are kept; one of them is drawn.
 *
 * @param temperature what logits are divided by, at least 0; 0 always takes the most likely token
 * @param topK how many of the most likely tokens may be drawn, at least 1; more than there are
 *     tokens: all
 * @param topP least probability that the tokens which may be drawn have together, in (0, 1]; 1: all
 * @param seed the same seed, prompt, model and engine give the same text
 */
public record SamplingConfig(double temperature, int topK, double topP, long seed) {

  /** Checks the ranges; the message names the component. */
  public SamplingConfig {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException("temperature: must be at least 0, got " + temperature);
    }
    if (topK < 1) {
      throw new IllegalArgumentException("topK: must be at least 1, got " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP: must be in (0, 1], got " + topP);
    }
  }

  /** Draws from the model's own distribution: temperature 1, all tokens. */
  public static SamplingConfig ofSeed(long seed) {
    return new SamplingConfig(1, Integer.MAX_VALUE, 1, seed);
  }

  /** With another temperature. */
  public SamplingConfig withTemperature(double value) {
    return new SamplingConfig(value, topK, topP, seed);
  }

  /** With another number of tokens that may be drawn. */
  public SamplingConfig withTopK(int count) {
    return new SamplingConfig(temperature, count, topP, seed);
  }

  /** With another probability that they reach. */
  public SamplingConfig withTopP(double probability) {
    return new SamplingConfig(temperature, topK, probability, seed);
  }
}
