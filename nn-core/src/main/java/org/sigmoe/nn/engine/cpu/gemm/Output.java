package org.sigmoe.nn.engine.cpu.gemm;

/** What a product does with C. */
public enum Output {
  /** C = op(A) op(B). The old values of C are not read. */
  OVERWRITE,
  /** C += op(A) op(B). */
  ACCUMULATE,
  /** C = max(0, op(A) op(B)). */
  RELU,
  /** C = op(A) op(B) + bias, with the bias [n] added to every row. */
  BIAS,
  /** C = max(0, op(A) op(B) + bias), with the bias [n] added to every row. */
  BIAS_RELU;

  /** Whether the product reads a bias. */
  public boolean hasBias() {
    return this == BIAS || this == BIAS_RELU;
  }

  /** Whether the product ends with a ReLU. */
  public boolean hasRelu() {
    return this == RELU || this == BIAS_RELU;
  }
}
