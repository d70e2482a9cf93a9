package org.sigmoe.pkm;

/** Whose behaviour is reproduced where it differs from what the options say. */
public enum Compat {
  /** Nobody's: options mean what they say. */
  NONE,
  /**
   * That of the code of Csordas et al. 2023, which goes over from {@link Selection#TOP_K} to {@link
   * Selection#ALL} without a word where k is not below the number of sub-keys of either half.
   */
  PAPER_CODE
}
