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
 *
 * <p>A loop over a row goes by whole vectors and one that may not be, with one body for both:
 *
 * <pre>{@code
 * VectorMask<Float> rest = Lanes.rest(floats);
 * for (int i = 0; i < floats; i += Lanes.COUNT) {
 *   int left = floats - i;
 *   FloatVector x = Lanes.load(source + 4L * i, left, rest);
 *   Lanes.store(x.mul(2f), target + 4L * i, left, rest);
 * }
 * }</pre>
 *
 * <p>The compiler stops inlining these methods in one that has grown to some forty operations on
 * vectors, which are hundreds of nodes each to it, and the vectors that go in and out of the others
 * are then objects on the heap. So a loop's body is not written twice, and a kernel with many loops
 * is cut into {@link Pass passes}.
 */
final class Lanes {
  /** The widest vectors of floats of this machine. */
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** Vectors of as many ints. */
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /** Floats of a vector. */
  static final int COUNT = FLOATS.length();

  /** Bytes of a vector. */
  static final long BYTES = 4L * COUNT;

  private static final IntVector LANE = IntVector.zero(INTS).addIndex(1);

  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private static final int EXPONENT_SHIFT = 23;
  private static final int EXPONENT_BIAS = 127;

  private static final FloatVector ZERO = all(0f);
  private static final FloatVector ONE = all(1f);
  private static final FloatVector EXP_LEAST = all(-87f);
  private static final FloatVector LOG2_E = all(1.44269504f);
  private static final FloatVector MINUS_LN2_HIGH = all(-0.693359375f);
  private static final FloatVector MINUS_LN2_LOW = all(2.12194440e-4f);

  /** Adding 1.5 * 2^23 rounds to an integer, which is then in the low bits, here with the bias. */
  private static final FloatVector ROUNDER = all(0x1.8p23f + EXPONENT_BIAS);

  private static final FloatVector EXP_7 = all(1.9875691500e-4f);
  private static final FloatVector EXP_6 = all(1.3981999507e-3f);
  private static final FloatVector EXP_5 = all(8.3334519073e-3f);
  private static final FloatVector EXP_4 = all(4.1665795894e-2f);
  private static final FloatVector EXP_3 = all(1.6666665459e-1f);
  private static final FloatVector EXP_2 = all(5.0000001201e-1f);

  private static final float SQRT_2 = 1.41421356f;
  private static final FloatVector LN2 = all(0.693147181f);
  private static final FloatVector MINUS_HALF = all(-0.5f);
  private static final FloatVector LOG_8 = all(7.0376836292e-2f);
  private static final FloatVector LOG_7 = all(-1.1514610310e-1f);
  private static final FloatVector LOG_6 = all(1.1676998740e-1f);
  private static final FloatVector LOG_5 = all(-1.2420140846e-1f);
  private static final FloatVector LOG_4 = all(1.4249322787e-1f);
  private static final FloatVector LOG_3 = all(-1.6668057665e-1f);
  private static final FloatVector LOG_2 = all(2.0000714765e-1f);
  private static final FloatVector LOG_1 = all(-2.4999993993e-1f);
  private static final FloatVector LOG_0 = all(3.3333331174e-1f);

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

  /** The next vector of a row of which {@code left} floats are left; 0 in lanes beyond them. */
  static FloatVector load(long address, int left, VectorMask<Float> rest) {
    return left >= COUNT ? load(address) : load(address, rest);
  }

  /** Writes a vector. */
  static void store(FloatVector vector, long address) {
    vector.intoMemorySegment(ALL, address, ORDER);
  }

  /** Writes the lanes of a mask. */
  static void store(FloatVector vector, long address, VectorMask<Float> mask) {
    vector.intoMemorySegment(ALL, address, ORDER, mask);
  }

  /** Writes the next vector of a row of which {@code left} floats are left, and not beyond them. */
  static void store(FloatVector vector, long address, int left, VectorMask<Float> rest) {
    if (left >= COUNT) {
      store(vector, address);
    } else {
      store(vector, address, rest);
    }
  }

  /** Puts 0 into the lanes of a row's next vector that are beyond the {@code left} floats left. */
  static FloatVector within(FloatVector vector, int left, VectorMask<Float> rest) {
    return left >= COUNT ? vector : ZERO.blend(vector, rest);
  }

  /** The same float in all lanes. */
  static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /** The lanes of the last vector of a row of floats, if that is not a whole one. */
  static VectorMask<Float> rest(int floats) {
    return below(FLOATS.loopBound(floats), floats);
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
    FloatVector bounded = x.blend(EXP_LEAST, x.compare(VectorOperators.LT, EXP_LEAST));
    FloatVector shifted = bounded.fma(LOG2_E, ROUNDER);
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, bounded));
    FloatVector p = r.fma(EXP_7, EXP_6).fma(r, EXP_5).fma(r, EXP_4).fma(r, EXP_3).fma(r, EXP_2);
    FloatVector fraction = p.fma(r, ONE).fma(r, ONE);
    FloatVector power =
        shifted
            .viewAsIntegralLanes()
            .lanewise(VectorOperators.LSHL, EXPONENT_SHIFT)
            .viewAsFloatingLanes();
    return fraction.mul(power);
  }

  /**
   * log(1 + x) for x in [0, 1], within 2 units in the last place: Cephes' polynomial for the
   * logarithm of w = 1 + x, which is halved above sqrt(2), and what is lost when w is rounded.
   */
  static FloatVector logOnePlus(FloatVector x) {
    FloatVector w = x.add(ONE);
    FloatVector lost = x.sub(w.sub(ONE)).div(w);
    VectorMask<Float> large = w.compare(VectorOperators.GT, SQRT_2);
    FloatVector r = w.blend(w.mul(0.5f), large).sub(ONE);
    FloatVector square = r.mul(r);
    FloatVector p =
        r.fma(LOG_8, LOG_7).fma(r, LOG_6).fma(r, LOG_5).fma(r, LOG_4).fma(r, LOG_3).fma(r, LOG_2);
    FloatVector log = p.fma(r, LOG_1).fma(r, LOG_0).mul(r).mul(square);
    FloatVector small = square.fma(MINUS_HALF, log).add(r).add(lost);
    return small.add(ZERO.blend(LN2, large));
  }
}
