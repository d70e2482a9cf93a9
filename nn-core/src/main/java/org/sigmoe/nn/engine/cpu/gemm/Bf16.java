package org.sigmoe.nn.engine.cpu.gemm;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * bfloat16: 1 sign, 8 exponent and 7 fraction bits, the upper half of a binary32. Values that are
 * too long are rounded to the nearest, ties to even; too large ones become infinite; NaN stays NaN.
 */
public final class Bf16 {
  /** Size of one element in bytes. */
  public static final int BYTES = 2;

  /** Bits of the largest number and of infinity; the bits of every NaN, less sign, are above. */
  private static final int INFINITY = 0x7F800000;

  private static final int SIGN = 0x80000000;

  /** Makes a NaN quiet, and keeps it one if all its payload is in the half that is cut off. */
  private static final int QUIET = 0x40;

  private static final int JUST_BELOW_HALF = 0x7FFF;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = INTS.length();
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));

  private Bf16() {}

  /** The float with exactly this value. */
  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest bfloat16. */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int high = bits >>> 16;
    return (short)
        (Float.isNaN(value) ? high | QUIET : (bits + JUST_BELOW_HALF + (high & 1)) >>> 16);
  }

  /**
   * Rounds an array.
   *
   * @param from address of the floats
   * @param to address of the bfloat16, apart from {@code from}
   * @param count number of elements
   */
  public static void round(long from, long to, long count) {
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      IntVector bits =
          IntVector.fromMemorySegment(
              INTS, NativeMemory.ALL, from + i * Float.BYTES, NativeMemory.ORDER);
      IntVector high = bits.lanewise(VectorOperators.LSHR, 16);
      IntVector rounded =
          bits.add(JUST_BELOW_HALF).add(high.and(1)).lanewise(VectorOperators.LSHR, 16);
      VectorMask<Integer> nan = bits.and(~SIGN).compare(VectorOperators.GT, INFINITY);
      ShortVector result =
          (ShortVector)
              rounded.blend(high.or(QUIET), nan).convertShape(VectorOperators.I2S, SHORTS, 0);
      result.intoMemorySegment(NativeMemory.ALL, to + i * BYTES, NativeMemory.ORDER);
    }
    for (; i < count; i++) {
      NativeMemory.putShort(
          to + i * BYTES, fromFloat(NativeMemory.getFloat(from + i * Float.BYTES)));
    }
  }
}
