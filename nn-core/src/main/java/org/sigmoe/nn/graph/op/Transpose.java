package org.sigmoe.nn.graph.op;

/** Whether an operand of a matrix product is used as it lies or transposed. */
public enum Transpose {
  /** As it lies. */
  NO,
  /** Rows and columns exchanged. */
  YES;

  /** The other one. */
  public Transpose flipped() {
    return this == NO ? YES : NO;
  }
}
