package org.sigmoe.nn.graph.op;

/** An element-wise non-linearity. */
public enum Activation {
  /** x itself. */
  IDENTITY,
  /** max(x, 0). */
  RELU
}
