package org.sigmoe.nn.layer;

/**
 * Options of {@link TopKFeedForward}.
 *
 * @param dFeedForward width of the hidden layer, at least 1
 * @param k hidden units that each token keeps, in [1, dFeedForward]
 * @param ranking by what units are ranked
 */
public record TopKConfig(
    @Matched int dFeedForward, int k, @Default("activation") TopKFeedForward.Ranking ranking)
    implements FeedForwardConfig {

  /** Checks the sizes. */
  public TopKConfig {
    if (dFeedForward < 1) {
      throw new IllegalArgumentException("dFeedForward: must be at least 1, got " + dFeedForward);
    }
    if (k < 1 || k > dFeedForward) {
      throw new IllegalArgumentException(
          "k: must be from 1 to dFeedForward, which is %d, got %d".formatted(dFeedForward, k));
    }
  }

  @Override
  public FeedForward build(Placement placement) {
    return new TopKFeedForward(placement, this);
  }
}
