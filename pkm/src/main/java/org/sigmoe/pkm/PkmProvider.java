package org.sigmoe.pkm;

import org.sigmoe.nn.layer.FeedForwardProvider;

/** Announces {@link ProductKeyMemory} as {@code pkm}. */
public final class PkmProvider implements FeedForwardProvider {
  @Override
  public String family() {
    return "pkm";
  }

  @Override
  public Class<PkmConfig> configType() {
    return PkmConfig.class;
  }
}
