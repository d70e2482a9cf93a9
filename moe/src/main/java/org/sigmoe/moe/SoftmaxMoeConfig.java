package org.sigmoe.moe;

import org.sigmoe.moe.balance.EntropyBalance;
import org.sigmoe.moe.router.Compat;
import org.sigmoe.nn.layer.Default;
import org.sigmoe.nn.layer.Matched;

/**
 * Options of a mixture that selects by softmax, before or after top-K (Csordas et al. 2023, tables
 * 4 and 10), with the entropy regulariser of sigma-MoE.
 *
 * @param experts E, at least k
 * @param expertSize G, hidden units of an expert, at least 1
 * @param k K, experts of a token, from 1 to E
 * @param softmax whether the weights of the selected experts are normalised again
 * @param entropy weight of the entropy regulariser, at least 0
 * @param expertDropout probability that a token may not use an expert in a training step, in [0, 1)
 * @param dropout standard dropout of the hidden units
 * @param initialisation how weights start
 * @param compat in {@link Compat#PAPER_CODE} softmax after top-K is not regularised, as in the
 *     published code
 * @param options what any mixture can have
 */
public record SoftmaxMoeConfig(
    @Matched int experts,
    @Default("128") int expertSize,
    @Default("4") int k,
    @Default("before-top-k") SoftmaxOrder softmax,
    @Default("1e-3") double entropy,
    @Default("0") double expertDropout,
    @Default("none") HiddenDropout dropout,
    @Default("paper") Initialisation initialisation,
    @Default("none") Compat compat,
    ExpertOptions options)
    implements MixtureConfig {

  /** Checks the ranges. */
  public SoftmaxMoeConfig(
      int experts,
      int expertSize,
      int k,
      SoftmaxOrder softmax,
      double entropy,
      double expertDropout,
      HiddenDropout dropout,
      Initialisation initialisation,
      Compat compat,
      ExpertOptions options) {
    this.experts = experts;
    this.expertSize = expertSize;
    this.k = k;
    this.softmax = softmax;
    this.entropy = entropy;
    this.expertDropout = expertDropout;
    this.dropout = dropout;
    this.initialisation = initialisation;
    this.compat = compat;
    this.options = options;
    mixture();
  }

  /** With what holds where a user writes nothing else. */
  public static SoftmaxMoeConfig of(int experts, int expertSize, int k) {
    return new SoftmaxMoeConfig(
        experts,
        expertSize,
        k,
        SoftmaxOrder.BEFORE_TOP_K,
        1e-3,
        0,
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
        softmax.router(compat),
        new EntropyBalance(entropy),
        expertDropout,
        dropout,
        initialisation,
        options);
  }
}
