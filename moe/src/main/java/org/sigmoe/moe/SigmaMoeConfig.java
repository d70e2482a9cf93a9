package org.sigmoe.moe;

import org.sigmoe.moe.balance.EntropyBalance;
import org.sigmoe.moe.router.SigmoidRouter;
import org.sigmoe.nn.layer.Default;
import org.sigmoe.nn.layer.Matched;

/**
 * Options of sigma-MoE (Csordas et al. 2023, section 5): selection by sigmoids, the entropy of all
 * selections as regulariser, experts that are dropped token by token.
 *
 * @param experts E, at least k
 * @param expertSize G, hidden units of an expert, at least 1
 * @param k K, experts of a token, from 1 to E
 * @param entropy weight of the entropy regulariser (gamma), at least 0
 * @param expertDropout probability that a token may not use an expert in a training step, in [0, 1)
 * @param dropout standard dropout of the hidden units
 * @param initialisation how weights start
 * @param options what any mixture can have
 */
public record SigmaMoeConfig(
    @Matched int experts,
    @Default("128") int expertSize,
    @Default("4") int k,
    @Default("1e-3") double entropy,
    @Default("0") double expertDropout,
    @Default("none") HiddenDropout dropout,
    @Default("paper") Initialisation initialisation,
    ExpertOptions options)
    implements MixtureConfig {

  /** Checks the ranges. */
  public SigmaMoeConfig(
      int experts,
      int expertSize,
      int k,
      double entropy,
      double expertDropout,
      HiddenDropout dropout,
      Initialisation initialisation,
      ExpertOptions options) {
    this.experts = experts;
    this.expertSize = expertSize;
    this.k = k;
    this.entropy = entropy;
    this.expertDropout = expertDropout;
    this.dropout = dropout;
    this.initialisation = initialisation;
    this.options = options;
    mixture();
  }

  /** With what holds where a user writes nothing else. */
  public static SigmaMoeConfig of(int experts, int expertSize, int k) {
    return new SigmaMoeConfig(
        experts,
        expertSize,
        k,
        1e-3,
        0,
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
        new SigmoidRouter(),
        new EntropyBalance(entropy),
        expertDropout,
        dropout,
        initialisation,
        options);
  }
}
