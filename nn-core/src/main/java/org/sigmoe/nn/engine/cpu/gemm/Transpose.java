package org.sigmoe.nn.engine.cpu.gemm;

/** How an operand lies in memory, relative to the matrix that enters the product. */
public enum Transpose {
  /** Rows of op(X) are contiguous: op(X)[i,j] is at {@code i * ld + j}. */
  NO,
  /** Columns of op(X) are contiguous: op(X)[i,j] is at {@code j * ld + i}. */
  YES
}
