package org.sigmoe.moe;

import org.sigmoe.moe.balance.EntropyBalance;
import org.sigmoe.moe.router.Compat;
import org.sigmoe.nn.layer.Default;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
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
    implements FeedForwardConfig {

  /** Checks the ranges. */
  public SoftmaxMoeConfig {
    mixture(
        experts,
        expertSize,
        k,
        softmax,
        entropy,
        expertDropout,
        dropout,
        initialisation,
        compat,
        options);
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
  public FeedForward build(Placement placement) {
    return new MixtureOfExperts(placement, mixture());
  }

  /** What its blocks are made of. */
  public Mixture mixture() {
    return mixture(
        experts,
        expertSize,
        k,
        softmax,
        entropy,
        expertDropout,
        dropout,
        initialisation,
        compat,
        options);
  }

  private static Mixture mixture(
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
