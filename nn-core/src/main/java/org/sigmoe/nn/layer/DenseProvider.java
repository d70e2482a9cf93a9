package org.sigmoe.nn.layer;

/** Announces {@link DenseFeedForward} as {@code dense}. */
public final class DenseProvider implements FeedForwardProvider {
  @Override
  public String family() {
    return "dense";
  }

  @Override
  public Class<DenseConfig> configType() {
    return DenseConfig.class;
  }
}
