package org.sigmoe.moe;

import org.sigmoe.moe.balance.SwitchBalance;
import org.sigmoe.moe.router.Compat;
import org.sigmoe.moe.router.SoftmaxRouter;
import org.sigmoe.nn.layer.Default;
import org.sigmoe.nn.layer.Matched;

/**
 * Options of a Switch block (Fedus et al. 2021), as Csordas et al. 2023 run it: softmax before
 * top-1 of experts four times as large, a loss that balances, no capacity.
 *
 * @param experts E, at least k
 * @param expertSize G, hidden units of an expert, at least 1
 * @param k K, experts of a token, from 1 to E
 * @param balance weight of the load-balancing loss, at least 0
 * @param expertDropout probability that a token may not use an expert in a training step, in [0, 1)
 * @param dropout standard dropout of the hidden units
 * @param initialisation how weights start
 * @param compat in {@link Compat#PAPER_CODE} the load-balancing loss is E^2 times less, as in the
 *     published code
 * @param options what any mixture can have
 */
public record SwitchConfig(
    @Matched int experts,
    @Default("512") int expertSize,
    @Default("1") int k,
    @Default("0.01") double balance,
    @Default("0") double expertDropout,
    @Default("model") HiddenDropout dropout,
    @Default("switch") Initialisation initialisation,
    @Default("none") Compat compat,
    ExpertOptions options)
    implements MixtureConfig {

  /** Checks the ranges. */
  public SwitchConfig(
      int experts,
      int expertSize,
      int k,
      double balance,
      double expertDropout,
      HiddenDropout dropout,
      Initialisation initialisation,
      Compat compat,
      ExpertOptions options) {
    this.experts = experts;
    this.expertSize = expertSize;
    this.k = k;
    this.balance = balance;
    this.expertDropout = expertDropout;
    this.dropout = dropout;
    this.initialisation = initialisation;
    this.compat = compat;
    this.options = options;
    mixture();
  }

  /** With what holds where a user writes nothing else. */
  public static SwitchConfig of(int experts, int expertSize, int k) {
    return new SwitchConfig(
        experts,
        expertSize,
        k,
        0.01,
        0,
        HiddenDropout.MODEL,
        Initialisation.SWITCH,
        Compat.NONE,
        ExpertOptions.defaults());
  }

  @Override
  public Mixture mixture() {
    return new Mixture(
        experts,
        expertSize,
        k,
        new SoftmaxRouter(),
        new SwitchBalance(balance, compat),
        expertDropout,
        dropout,
        initialisation,
        options);
  }
}
