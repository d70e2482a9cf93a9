package org.sigmoe.moe;

/** Which biases experts have. */
public enum Biases {
  /** None, as in the paper: the mixture then has the parameters of a dense block with biases. */
  NONE,
  /** One for each hidden unit of each expert, and one of the output. */
  ALL
}
