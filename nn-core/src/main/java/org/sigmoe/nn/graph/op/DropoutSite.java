package org.sigmoe.nn.graph.op;

import org.sigmoe.nn.graph.Value;

/**
 * A place in a model where elements are dropped.
 *
 * @param key i32[2], fed each step: the seed and the step number
 * @param number tells the sites of one graph apart; the masks of two sites are independent
 * @param rate probability that an element becomes 0; the others are scaled by 1/(1-rate)
 */
public record DropoutSite(Value key, int number, float rate) {

  /** Checks the rate. */
  public DropoutSite {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("A dropout rate must be in [0, 1), got " + rate);
    }
  }
}
