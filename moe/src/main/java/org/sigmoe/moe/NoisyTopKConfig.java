package org.sigmoe.moe;

import org.sigmoe.moe.balance.ImportanceBalance;
import org.sigmoe.moe.router.NoisyRouter;
import org.sigmoe.nn.layer.Default;
import org.sigmoe.nn.layer.Matched;

/**
 * Options of noisy top-K gating (Shazeer et al. 2017): normal noise of a learned size on the
 * logits, and a loss that keeps the importance of experts alike.
 *
 * @param experts E, at least k
 * @param expertSize G, hidden units of an expert, at least 1
 * @param k K, experts of a token, from 1 to E
 * @param importance weight of the importance loss, at least 0; needs k of at least 2
 * @param dropout standard dropout of the hidden units
 * @param initialisation how weights start
 * @param options what any mixture can have
 */
public record NoisyTopKConfig(
    @Matched int experts,
    @Default("128") int expertSize,
    @Default("4") int k,
    @Default("0.1") double importance,
    @Default("none") HiddenDropout dropout,
    @Default("paper") Initialisation initialisation,
    ExpertOptions options)
    implements MixtureConfig {

  /** Checks the ranges. */
  public NoisyTopKConfig(
      int experts,
      int expertSize,
      int k,
      double importance,
      HiddenDropout dropout,
      Initialisation initialisation,
      ExpertOptions options) {
    this.experts = experts;
    this.expertSize = expertSize;
    this.k = k;
    this.importance = importance;
    this.dropout = dropout;
    this.initialisation = initialisation;
    this.options = options;
    mixture();
  }

  /** With what holds where a user writes nothing else. */
  public static NoisyTopKConfig of(int experts, int expertSize, int k) {
    return new NoisyTopKConfig(
        experts,
        expertSize,
        k,
        0.1,
        HiddenDropout.NONE,
        Initialisation.PAPER,
        ExpertOptions.defaults());
  }

  @Override
  public Mixture mixture() {
    return new Mixture(
        experts,
        expertSize,
        k,
        new NoisyRouter(),
        new ImportanceBalance(importance),
        0,
        dropout,
        initialisation,
        options);
  }
}
