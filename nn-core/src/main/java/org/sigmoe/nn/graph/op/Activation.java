package org.sigmoe.nn.graph.op;

/** An element-wise non-linearity. */
public enum Activation {
  /** x itself. */
  IDENTITY,
  /** max(x, 0). */
  RELU,
  /** x times the standard normal distribution function of x, by the error function. */
  GELU,
  /** 1 / (1 + exp(-x)). */
  SIGMOID,
  /** log(1 + exp(x)). */
  SOFTPLUS,
  /** e to the power of x. */
  EXP,
  /** Square root; its gradient at 0 is defined as 0. */
  SQRT;

  /**
   * Whether {@link Activate} can drop its results in the same pass. The gradients of the others are
   * computed from results, which must not have been dropped.
   */
  public boolean allowsDropout() {
    return this == IDENTITY || this == RELU || this == GELU;
  }
}
