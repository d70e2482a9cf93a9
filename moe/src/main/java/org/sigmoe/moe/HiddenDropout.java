package org.sigmoe.moe;

/** Standard dropout of hidden units, which knows nothing of experts. */
public enum HiddenDropout {
  /** None. */
  NONE,
  /** With the rate of the model. */
  MODEL
}
