package org.sigmoe.xl.eval;

/**
 * How well a text was predicted.
 *
 * @param tokens predicted tokens, each counted once
 * @param tokensLeftOut tokens of the text that have a token before them and were not predicted: the
 *     rest that fills no batch, and what lies beyond a limit that was asked for
 * @param loss mean negative log-likelihood of a token, in nats
 */
public record EvaluationResult(long tokens, long tokensLeftOut, double loss) {

  /** The loss in bits; with byte tokens, bits per byte. */
  public double bitsPerToken() {
    return loss / Math.log(2);
  }

  /** exp(loss): among how many equally likely tokens the model chooses, as it were. */
  public double perplexity() {
    return Math.exp(loss);
  }
}
