package org.sigmoe.pkm;

/** Which values a token's output is made of. */
public enum Selection {
  /** The k of each head with the highest scores, found exactly in two stages. */
  TOP_K,
  /**
   * All of them, with their scores summed over heads before the non-linearity, as all published
   * runs of Csordas et al. 2023 did: a dense layer whose weights are tied by the product of two
   * sets of sub-keys.
   */
  ALL
}
