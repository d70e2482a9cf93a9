package org.sigmoe.nn.engine.cpu.gemm;

/** bfloat16: 1 sign, 8 exponent and 7 fraction bits, the upper half of a binary32. */
public final class Bf16 {
  /** Size of one element in bytes. */
  public static final int BYTES = 2;

  private Bf16() {}

  /** The float with exactly this value. */
  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest bfloat16, ties to even; values too large become infinite, NaN stays NaN. */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // Rounding could carry a NaN's payload over into infinity: keep it, made quiet.
      return (short) ((bits >>> 16) | 0x40);
    }
    int evenUp = (bits >>> 16) & 1;
    return (short) ((bits + 0x7FFF + evenUp) >>> 16);
  }
}
