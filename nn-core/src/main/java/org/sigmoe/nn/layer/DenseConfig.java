package org.sigmoe.nn.layer;

/**
 * Options of {@link DenseFeedForward}.
 *
 * @param dFeedForward width of the hidden layer, at least 1
 */
public record DenseConfig(@Matched int dFeedForward) implements FeedForwardConfig {

  /** Checks the width. */
  public DenseConfig {
    if (dFeedForward < 1) {
      throw new IllegalArgumentException("dFeedForward: must be at least 1, got " + dFeedForward);
    }
  }

  @Override
  public FeedForward build(Placement placement) {
    return new DenseFeedForward(placement, dFeedForward);
  }
}
