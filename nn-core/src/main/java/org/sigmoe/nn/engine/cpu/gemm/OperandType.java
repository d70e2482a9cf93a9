package org.sigmoe.nn.engine.cpu.gemm;

/** Element type of the matrices of a product. All sums are 32-bit floats whatever it is. */
public enum OperandType {
  /** IEEE 754 binary32. */
  F32(4),
  /** bfloat16: the upper half of a binary32, see {@link Bf16}. */
  BF16(2);

  private final int bytes;

  OperandType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
