package org.sigmoe.nn.checkpoint;

/**
 * The element types of a safetensors file that are read and written here, under the names the file
 * uses. Types of less than a byte, 8-bit floats and complex numbers are not among them.
 *
 * <p>They stand in the order of the reference implementation's {@code Dtype} (ascending alignment),
 * because that order decides where a tensor lies in a file.
 */
public enum ElementType {
  /** One byte, 0 or 1. */
  BOOL(1),
  /** Unsigned 8-bit integer. */
  U8(1),
  /** Signed 8-bit integer. */
  I8(1),
  /** Signed 16-bit integer. */
  I16(2),
  /** Unsigned 16-bit integer. */
  U16(2),
  /** IEEE 754 half precision. */
  F16(2),
  /** The upper half of a single-precision number. */
  BF16(2),
  /** Signed 32-bit integer. */
  I32(4),
  /** Unsigned 32-bit integer. */
  U32(4),
  /** IEEE 754 single precision. */
  F32(4),
  /** IEEE 754 double precision. */
  F64(8),
  /** Signed 64-bit integer. */
  I64(8),
  /** Unsigned 64-bit integer. */
  U64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns whether elements are numbers with a fraction, which {@link NamedTensor} converts. */
  public boolean floatingPoint() {
    return switch (this) {
      case F16, BF16, F32, F64 -> true;
      case BOOL, U8, I8, I16, U16, I32, U32, I64, U64 -> false;
    };
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
