package org.sigmoe.pkm;

/** Among which scores of a token a {@link Nonlinearity#SOFTMAX} shares its weights out. */
public enum SoftmaxScope {
  /** Among those of all heads together, as in the code of Csordas et al. 2023. */
  JOINT,
  /** Among those of each head, as in the code of Lample et al. 2019 (XLM). */
  PER_HEAD
}
