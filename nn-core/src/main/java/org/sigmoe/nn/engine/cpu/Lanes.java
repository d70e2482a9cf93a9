package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.ALL;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of floats at native addresses, and the operations on them that must give the same bits
 * whether compiled or interpreted: the Vector API leaves the order of a sum over lanes open, and
 * its exponential differs between the two, so both are written out here.
 */
final class Lanes {
  /** The widest vectors of floats of this machine. */
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** Vectors of as many ints. */
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /** Floats of a vector. */
  static final int COUNT = FLOATS.length();

  private static final IntVector LANE = IntVector.zero(INTS).addIndex(1);

  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  private static final float ROUNDER = 12582912f; // 1.5 * 2^23: adding it rounds to an integer
  private static final float EXP_LEAST = -87f;

  private Lanes() {}

  private static VectorShuffle<Float> rotation(int lanes) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane + lanes) % COUNT);
  }

  /** The vector at an address. */
  static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER);
  }

  /** The lanes of a mask at an address, 0 in the others. */
  static FloatVector load(long address, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER, mask);
  }

  /** Writes a vector. */
  static void store(FloatVector vector, long address) {
    vector.intoMemorySegment(ALL, address, ORDER);
  }

  /** Writes the lanes of a mask. */
  static void store(FloatVector vector, long address, VectorMask<Float> mask) {
    vector.intoMemorySegment(ALL, address, ORDER, mask);
  }

  /** The same float in all lanes. */
  static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /** The lanes that stand for items {@code begin ..} below {@code end}. */
  static VectorMask<Float> below(int begin, int end) {
    return LANE.compare(VectorOperators.LT, end - begin).cast(FLOATS);
  }

  /** Sum over lanes, by halves. */
  static float sum(FloatVector vector) {
    FloatVector sum = vector;
    if (COUNT >= 16) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (COUNT >= 8) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    if (COUNT >= 4) {
      sum = sum.add(sum.rearrange(BY_2));
    }
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }

  /**
   * e to the power of x, for x at most 88; below -87 it is that of -87, which is 1.6e-38. Within 2
   * units in the last place: Cephes' reduction by multiples of ln 2 and polynomial.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector bounded = x.blend(EXP_LEAST, x.lt(EXP_LEAST));
    FloatVector shifted = bounded.fma(all(LOG2_E), all(ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(all(-LN2_HIGH), bounded);
    r = n.fma(all(-LN2_LOW), r);
    FloatVector p = r.fma(all(1.9875691500e-4f), all(1.3981999507e-3f));
    p = p.fma(r, all(8.3334519073e-3f));
    p = p.fma(r, all(4.1665795894e-2f));
    p = p.fma(r, all(1.6666665459e-1f));
    p = p.fma(r, all(5.0000001201e-1f));
    p = p.fma(r.mul(r), r.add(1f));
    // The low bits of "shifted" are n: moved into the exponent they make 2^n.
    FloatVector power =
        shifted
            .viewAsIntegralLanes()
            .lanewise(VectorOperators.LSHL, 23)
            .add(0x3F800000)
            .viewAsFloatingLanes();
    return p.mul(power);
  }
}
