package org.sigmoe.nn.engine.cpu.gemm;

import jdk.incubator.vector.FloatVector;
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
      round(bits, to + i * BYTES);
    }
    for (; i < count; i++) {
      NativeMemory.putShort(
          to + i * BYTES, fromFloat(NativeMemory.getFloat(from + i * Float.BYTES)));
    }
  }

  private static void round(IntVector bits, long to) {
    IntVector high = bits.lanewise(VectorOperators.LSHR, 16);
    IntVector rounded =
        bits.add(JUST_BELOW_HALF).add(high.and(1)).lanewise(VectorOperators.LSHR, 16);
    VectorMask<Integer> nan = bits.and(~SIGN).compare(VectorOperators.GT, INFINITY);
    ShortVector result =
        (ShortVector)
            rounded.blend(high.or(QUIET), nan).convertShape(VectorOperators.I2S, SHORTS, 0);
    result.intoMemorySegment(NativeMemory.ALL, to, NativeMemory.ORDER);
  }

  /**
   * Multiplies an array by a factor, and rounds the products.
   *
   * @param from address of the bfloat16
   * @param to address of the products, {@code from} itself or apart from it
   * @param count number of elements
   */
  public static void scale(long from, long to, long count, float factor) {
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector scaled = wide(from + i * BYTES).mul(factor);
      round(scaled.viewAsIntegralLanes(), to + i * BYTES);
    }
    for (; i < count; i++) {
      float scaled = toFloat(NativeMemory.getShort(from + i * BYTES)) * factor;
      NativeMemory.putShort(to + i * BYTES, fromFloat(scaled));
    }
  }

  /**
   * Writes an array as floats.
   *
   * @param from address of the bfloat16
   * @param to address of the floats, apart from {@code from}
   * @param count number of elements
   */
  public static void widen(long from, long to, long count) {
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      wide(from + i * BYTES)
          .intoMemorySegment(NativeMemory.ALL, to + i * Float.BYTES, NativeMemory.ORDER);
    }
    for (; i < count; i++) {
      NativeMemory.putFloat(to + i * Float.BYTES, toFloat(NativeMemory.getShort(from + i * BYTES)));
    }
  }

  private static FloatVector wide(long from) {
    ShortVector bits =
        ShortVector.fromMemorySegment(SHORTS, NativeMemory.ALL, from, NativeMemory.ORDER);
    IntVector low = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    return low.lanewise(VectorOperators.LSHL, 16).viewAsFloatingLanes();
  }
}
