package org.sigmoe.moe;

import org.sigmoe.nn.layer.Initializer;

/**
 * How the weights of a mixture start: normal, not truncated, with a variance of 2 / (fanIn layers),
 * as befits a pre-layer-norm Transformer. The choices differ in what counts as fanIn of W2, and in
 * the rows of W3.
 */
public enum Initialisation {
  /**
   * sigma-MoE (Csordas et al. 2023, section 5): fanIn of W2 is d_ff = G E, as if the experts were
   * one dense block; rows of W3 have one norm, so that no expert begins with an advantage.
   */
  PAPER(true, true, 1),
  /** As {@link #PAPER}, but fanIn of W2 is G: each expert for itself. */
  STANDARD(false, true, 1),
  /**
   * Switch Transformer (Fedus et al. 2021) as the paper runs it: fanIn of W2 is G, rows of W3 as
   * they come, and a tenth of the variance everywhere.
   */
  SWITCH(false, false, 0.1);

  private final boolean asOneBlock;
  private final boolean equalRows;
  private final double variance;

  Initialisation(boolean asOneBlock, boolean equalRows, double variance) {
    this.asOneBlock = asOneBlock;
    this.equalRows = equalRows;
    this.variance = variance;
  }

  /** Of W1, [E, D, G]. */
  Initializer keys(int dModel, int layers) {
    return new Initializer.Normal(std(dModel, layers));
  }

  /** Of W2, [E, G, D]. */
  Initializer values(int experts, int expertSize, int layers) {
    return new Initializer.Normal(std(asOneBlock ? experts * expertSize : expertSize, layers));
  }

  /** Of W3, [E, D]. */
  Initializer selection(int dModel, int layers) {
    double std = std(dModel, layers);
    return equalRows ? new EqualRows(std) : new Initializer.Normal(std);
  }

  private double std(int fanIn, int layers) {
    return Math.sqrt(variance * 2 / ((double) fanIn * layers));
  }
}
