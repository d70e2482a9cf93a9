package org.sigmoe.pkm;

/** What a token's input is put through before it is compared with sub-keys. */
public enum QueryProjection {
  /** Nothing: the input is the query of every head, as in the runs of Csordas et al. 2023. */
  NONE,
  /** A linear layer that gives each head a query of its own, without a bias. */
  LINEAR,
  /** The same with a bias, as in Lample et al. 2019. */
  LINEAR_WITH_BIAS
}
