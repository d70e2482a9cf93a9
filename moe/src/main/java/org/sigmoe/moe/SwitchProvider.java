package org.sigmoe.moe;

import org.sigmoe.nn.layer.FeedForwardProvider;

/** Announces {@link SwitchConfig} as {@code switch}. */
public final class SwitchProvider implements FeedForwardProvider {
  @Override
  public String family() {
    return "switch";
  }

  @Override
  public Class<SwitchConfig> configType() {
    return SwitchConfig.class;
  }
}
