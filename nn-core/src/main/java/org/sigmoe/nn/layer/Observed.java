package org.sigmoe.nn.layer;

/** What of a feed-forward block's inner life can be looked at while it runs. */
public enum Observed {
  /** Activations of the hidden units, f32 [.., F]: unit i is active where alpha_i is not 0. */
  UNITS,
  /** Numbers of the selected experts, i32 [.., K]. */
  EXPERTS,
  /** What the output of each of {@link #EXPERTS} is multiplied by, f32 [.., K]. */
  EXPERT_WEIGHTS,
  /** Numbers of the selected values of a product-key memory, i32 [.., H, K]. */
  KEYS,
  /** What each value of {@link #KEYS} is multiplied by, f32 [.., H, K]. */
  KEY_WEIGHTS
}
