package org.sigmoe.moe;

import org.sigmoe.moe.balance.EntropyBalance;
import org.sigmoe.moe.router.Compat;
import org.sigmoe.moe.router.SinkhornRouter;
import org.sigmoe.nn.layer.Default;
import org.sigmoe.nn.layer.Matched;

/**
 * Options of S-BASE (Clark et al. 2022), as Csordas et al. 2023 run it: selection balanced by
 * Sinkhorn's iteration in training, sigmoids as weights, the entropy regulariser of sigma-MoE.
 *
 * @param experts E, at least k
 * @param expertSize G, hidden units of an expert, at least 1
 * @param k K, experts of a token, from 1 to E
 * @param entropy weight of the entropy regulariser, at least 0
 * @param expertDropout probability that a token may not use an expert in a training step, in [0, 1)
 * @param iterations of Sinkhorn's algorithm, at least 1
 * @param dropout standard dropout of the hidden units
 * @param initialisation how weights start
 * @param compat in {@link Compat#PAPER_CODE} the iteration has the signs of the published code and
 *     balances each row of the batch apart
 * @param options what any mixture can have
 */
public record SBaseConfig(
    @Matched int experts,
    @Default("128") int expertSize,
    @Default("4") int k,
    @Default("1e-3") double entropy,
    @Default("0") double expertDropout,
    @Default("3") int iterations,
    @Default("none") HiddenDropout dropout,
    @Default("paper") Initialisation initialisation,
    @Default("none") Compat compat,
    ExpertOptions options)
    implements MixtureConfig {

  /** Checks the ranges. */
  public SBaseConfig(
      int experts,
      int expertSize,
      int k,
      double entropy,
      double expertDropout,
      int iterations,
      HiddenDropout dropout,
      Initialisation initialisation,
      Compat compat,
      ExpertOptions options) {
    this.experts = experts;
    this.expertSize = expertSize;
    this.k = k;
    this.entropy = entropy;
    this.expertDropout = expertDropout;
    this.iterations = iterations;
    this.dropout = dropout;
    this.initialisation = initialisation;
    this.compat = compat;
    this.options = options;
    mixture();
  }

  /** With what holds where a user writes nothing else. */
  public static SBaseConfig of(int experts, int expertSize, int k) {
    return new SBaseConfig(
        experts,
        expertSize,
        k,
        1e-3,
        0,
        3,
        HiddenDropout.NONE,
        Initialisation.PAPER,
        Compat.NONE,
        ExpertOptions.defaults());
  }

  @Override
  public Mixture mixture() {
    return new Mixture(
        experts,
        expertSize,
        k,
        new SinkhornRouter(iterations, compat),
        new EntropyBalance(entropy),
        expertDropout,
        dropout,
        initialisation,
        options);
  }
}
