package org.sigmoe.moe;

import org.sigmoe.nn.layer.FeedForwardProvider;

/** Announces {@link SoftmaxMoeConfig} as {@code softmax-moe}. */
public final class SoftmaxMoeProvider implements FeedForwardProvider {
  @Override
  public String family() {
    return "softmax-moe";
  }

  @Override
  public Class<SoftmaxMoeConfig> configType() {
    return SoftmaxMoeConfig.class;
  }
}
