package org.sigmoe.bench.work;

import static org.sigmoe.bench.shape.Dimension.D_FEED_FORWARD;
import static org.sigmoe.bench.shape.Dimension.EXPERTS;
import static org.sigmoe.bench.shape.Dimension.EXPERT_SIZE;
import static org.sigmoe.bench.shape.Dimension.K;
import static org.sigmoe.bench.shape.Dimension.SUB_KEYS;

import java.util.function.Function;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.moe.NoisyTopKConfig;
import org.sigmoe.moe.SBaseConfig;
import org.sigmoe.moe.SigmaMoeConfig;
import org.sigmoe.moe.SoftmaxMoeConfig;
import org.sigmoe.moe.SwitchConfig;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.TopKConfig;
import org.sigmoe.nn.layer.TopKFeedForward;
import org.sigmoe.pkm.PkmConfig;

/** The feed-forward families, each with the sizes that a shape has for it. */
public enum Family {
  /** Two layers. */
  DENSE("dense", sizes -> new DenseConfig(sizes.get(D_FEED_FORWARD))),
  /** Dense, of which a token keeps an eighth of the units. */
  TOP_K(
      "top-k",
      sizes ->
          new TopKConfig(
              sizes.get(D_FEED_FORWARD),
              Math.max(1, sizes.get(D_FEED_FORWARD) / 8),
              TopKFeedForward.Ranking.ACTIVATION)),
  /** Product-key memory as the paper ran it: nothing is selected. */
  PKM("pkm", sizes -> PkmConfig.of(sizes.get(SUB_KEYS))),
  /** Product-key memory of which each of 4 heads selects up to 32 values. */
  PKM_TOP_K(
      "pkm-top-k",
      sizes ->
          PkmConfig.topK(
              sizes.get(SUB_KEYS), 4, Math.min(32, sizes.get(SUB_KEYS) * sizes.get(SUB_KEYS)))),
  /** The paper's mixture. */
  SIGMA_MOE(
      "sigma-moe",
      sizes -> SigmaMoeConfig.of(sizes.get(EXPERTS), sizes.get(EXPERT_SIZE), sizes.get(K))),
  /** Softmax before top-K. */
  SOFTMAX_MOE(
      "softmax-moe",
      sizes -> SoftmaxMoeConfig.of(sizes.get(EXPERTS), sizes.get(EXPERT_SIZE), sizes.get(K))),
  /** One expert of K times the size, and so many fewer: as the paper compares it. */
  SWITCH(
      "switch",
      sizes ->
          SwitchConfig.of(
              Math.max(1, sizes.get(EXPERTS) / sizes.get(K)),
              sizes.get(EXPERT_SIZE) * sizes.get(K),
              1)),
  /** Selection balanced by Sinkhorn's iteration. */
  S_BASE(
      "s-base", sizes -> SBaseConfig.of(sizes.get(EXPERTS), sizes.get(EXPERT_SIZE), sizes.get(K))),
  /** Noise on the logits. */
  NOISY_TOP_K(
      "noisy-top-k",
      sizes -> NoisyTopKConfig.of(sizes.get(EXPERTS), sizes.get(EXPERT_SIZE), sizes.get(K)));

  private final String label;
  private final Function<Sizes, FeedForwardConfig> config;

  Family(String label, Function<Sizes, FeedForwardConfig> config) {
    this.label = label;
    this.config = config;
  }

  /** The name in text. */
  public String label() {
    return label;
  }

  /** Its options. */
  public FeedForwardConfig config(Sizes sizes) {
    return config.apply(sizes);
  }

  /** Whether a token's result jumps where a rounding changes what is selected for it. */
  public boolean selects() {
    return this != DENSE && this != PKM;
  }
}
