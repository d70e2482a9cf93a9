package org.sigmoe.bench;

import org.sigmoe.moe.SigmaMoeConfig;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwardConfig;

/**
 * The feed-forward blocks that are measured: those of the paper's WT-S (Tab 8 and 9 of arXiv
 * 2310.10837), dense and sigma-MoE with as many parameters, and sigma-MoE with fewer and more
 * experts of the same size, of which a token still gets 4.
 */
public enum BenchBlock {
  /** 2053 hidden units. */
  DENSE(new DenseConfig(2053)),

  /** 8 experts: half the parameters. */
  EXPERTS_8(SigmaMoeConfig.of(8, 128, 4)),

  /** 16 experts: as many parameters as the dense block. */
  EXPERTS_16(SigmaMoeConfig.of(16, 128, 4)),

  /** 128 experts, as in WT-S*: eight times the parameters. */
  EXPERTS_128(SigmaMoeConfig.of(128, 128, 4));

  private final FeedForwardConfig config;

  BenchBlock(FeedForwardConfig config) {
    this.config = config;
  }

  /** The family and its sizes. */
  public FeedForwardConfig config() {
    return config;
  }
}
