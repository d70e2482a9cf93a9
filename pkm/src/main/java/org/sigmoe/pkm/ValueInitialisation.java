package org.sigmoe.pkm;

/** What the standard deviation of initial values, sqrt(2 / layers) / sqrt(n), is divided by. */
public enum ValueInitialisation {
  /** n is the width of the model: the default of Csordas et al. 2023. */
  BY_MODEL_WIDTH,
  /** n is the number of values, as a dense layer of as many units has it: their "+ init". */
  BY_VALUE_COUNT
}
