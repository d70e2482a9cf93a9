package org.sigmoe.pkm;

/** What makes a value's weight of its score. */
public enum Nonlinearity {
  /** max(score, 0), which lets values be used together (Csordas et al. 2023, section 6.2). */
  RELU,
  /** Exponentials that sum to 1, which makes values compete, as in Lample et al. 2019. */
  SOFTMAX
}
