package org.sigmoe.moe;

import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;

/** Options of a family of mixtures: a router and a balance that users know by one name. */
public sealed interface MixtureConfig extends FeedForwardConfig
    permits NoisyTopKConfig, SBaseConfig, SigmaMoeConfig, SoftmaxMoeConfig, SwitchConfig {

  /** What its blocks are made of. */
  Mixture mixture();

  @Override
  default FeedForward build(Placement placement) {
    return new MixtureOfExperts(placement, mixture());
  }
}
