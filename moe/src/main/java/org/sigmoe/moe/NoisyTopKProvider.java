package org.sigmoe.moe;

import org.sigmoe.nn.layer.FeedForwardProvider;

/** Announces {@link NoisyTopKConfig} as {@code noisy-top-k}. */
public final class NoisyTopKProvider implements FeedForwardProvider {
  @Override
  public String family() {
    return "noisy-top-k";
  }

  @Override
  public Class<NoisyTopKConfig> configType() {
    return NoisyTopKConfig.class;
  }
}
