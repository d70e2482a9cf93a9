package org.sigmoe.moe;

import org.sigmoe.nn.graph.op.Activation;

/** What is applied to the hidden units of an expert. */
public enum Nonlinearity {
  /** max(x, 0), as in the paper. */
  RELU(Activation.RELU),
  /** The exact GELU, by the error function. */
  GELU(Activation.GELU);

  private final Activation activation;

  Nonlinearity(Activation activation) {
    this.activation = activation;
  }

  Activation activation() {
    return activation;
  }
}
