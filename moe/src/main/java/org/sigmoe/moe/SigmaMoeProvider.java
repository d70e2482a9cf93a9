package org.sigmoe.moe;

import org.sigmoe.nn.layer.FeedForwardProvider;

/** Announces {@link SigmaMoeConfig} as {@code sigma-moe}. */
public final class SigmaMoeProvider implements FeedForwardProvider {
  @Override
  public String family() {
    return "sigma-moe";
  }

  @Override
  public Class<SigmaMoeConfig> configType() {
    return SigmaMoeConfig.class;
  }
}
