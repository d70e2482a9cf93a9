package org.sigmoe.moe;

import org.sigmoe.nn.layer.FeedForwardProvider;

/** Announces {@link SBaseConfig} as {@code s-base}. */
public final class SBaseProvider implements FeedForwardProvider {
  @Override
  public String family() {
    return "s-base";
  }

  @Override
  public Class<SBaseConfig> configType() {
    return SBaseConfig.class;
  }
}
