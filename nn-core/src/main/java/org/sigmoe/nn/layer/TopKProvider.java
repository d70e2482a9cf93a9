package org.sigmoe.nn.layer;

/** Announces {@link TopKFeedForward} as {@code top-k}. */
public final class TopKProvider implements FeedForwardProvider {
  @Override
  public String family() {
    return "top-k";
  }

  @Override
  public Class<TopKConfig> configType() {
    return TopKConfig.class;
  }
}
