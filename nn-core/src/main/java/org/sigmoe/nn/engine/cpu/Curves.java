package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.sigmoe.nn.graph.op.ErrorFunction;

/**
 * The smooth non-linearities of {@link org.sigmoe.nn.graph.op.Activation} on rows of floats, one
 * loop for each: a loop that is handed a function of vectors would put these on the heap.
 */
final class Curves {
  /** Rows of scratch memory that a curve may use. */
  static final int SCRATCH_ROWS = 2;

  private static final long NONE = 0;

  private static final FloatVector ZERO = Lanes.all(0f);
  private static final FloatVector ONE = Lanes.all(1f);
  private static final FloatVector HALF = Lanes.all(0.5f);
  private static final FloatVector MINUS_HALF = Lanes.all(-0.5f);
  private static final FloatVector SQRT_HALF = Lanes.all(ErrorFunction.SQRT_HALF);
  private static final FloatVector DENSITY_AT_0 = Lanes.all(ErrorFunction.DENSITY_AT_0);
  private static final FloatVector G_0 = Lanes.all(ErrorFunction.G_0);
  private static final FloatVector G_1 = Lanes.all(ErrorFunction.G_1);
  private static final FloatVector G_2 = Lanes.all(ErrorFunction.G_2);
  private static final FloatVector G_3 = Lanes.all(ErrorFunction.G_3);
  private static final FloatVector G_4 = Lanes.all(ErrorFunction.G_4);
  private static final FloatVector G_5 = Lanes.all(ErrorFunction.G_5);
  private static final FloatVector G_6 = Lanes.all(ErrorFunction.G_6);
  private static final FloatVector G_7 = Lanes.all(ErrorFunction.G_7);
  private static final FloatVector G_8 = Lanes.all(ErrorFunction.G_8);
  private static final FloatVector G_9 = Lanes.all(ErrorFunction.G_9);

  private Curves() {}

  /** y = f(x + bias) on a row. */
  @FunctionalInterface
  interface Curve {
    /**
     * Does a row; y may be x.
     *
     * @param bias address, 0 for none
     * @param scratch address of {@link #SCRATCH_ROWS} rows
     */
    void apply(long x, long bias, long scratch, long y, int floats);
  }

  private static FloatVector sum(long x, long bias, int left, VectorMask<Float> rest) {
    FloatVector value = Lanes.load(x, left, rest);
    return bias == NONE ? value : value.add(Lanes.load(bias, left, rest));
  }

  private static long next(long bias, int i) {
    return bias == NONE ? NONE : bias + 4L * i;
  }

  /** x times the normal distribution function of x. */
  static void gelu(long x, long bias, long scratch, long y, int floats) {
    distribution(x, bias, scratch, floats);
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      FloatVector share = Lanes.load(scratch + 4L * i, left, rest);
      Lanes.store(z.mul(share), y + 4L * i, left, rest);
    }
  }

  /** The derivative of {@link #gelu}, with the normal density p: P(z) + z p(z). */
  static void geluSlope(long x, long bias, long scratch, long y, int floats) {
    distribution(x, bias, scratch, floats);
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      FloatVector density = Lanes.exp(z.mul(z).mul(MINUS_HALF)).mul(DENSITY_AT_0);
      FloatVector share = Lanes.load(scratch + 4L * i, left, rest);
      Lanes.store(z.fma(density, share), y + 4L * i, left, rest);
    }
  }

  /** The normal distribution function of z = x + bias into the first row of scratch memory. */
  private static void distribution(long x, long bias, long scratch, int floats) {
    long exponents = scratch + 4L * floats;
    complement(x, bias, scratch, exponents, floats);
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      FloatVector exp = Lanes.exp(Lanes.load(exponents + 4L * i, left, rest));
      FloatVector tail = Lanes.load(scratch + 4L * i, left, rest).mul(exp).mul(HALF);
      FloatVector share = ONE.sub(tail).blend(tail, z.compare(VectorOperators.LT, ZERO));
      Lanes.store(share, scratch + 4L * i, left, rest);
    }
  }

  /** {@link ErrorFunction} of |x + bias| / sqrt(2): factor and exponent of its complement. */
  private static void complement(long x, long bias, long factors, long exponents, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest).abs().mul(SQRT_HALF);
      FloatVector t = ONE.div(z.fma(HALF, ONE));
      FloatVector high = t.fma(G_9, G_8).fma(t, G_7).fma(t, G_6).fma(t, G_5);
      FloatVector g = high.fma(t, G_4).fma(t, G_3).fma(t, G_2).fma(t, G_1).fma(t, G_0);
      Lanes.store(t, factors + 4L * i, left, rest);
      Lanes.store(g.sub(z.mul(z)), exponents + 4L * i, left, rest);
    }
  }

  /** 1 / (1 + exp(-x)), by the exponential of -|x|, which is at most 1. */
  static void sigmoid(long x, long bias, long scratch, long y, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      FloatVector exp = Lanes.exp(z.abs().neg());
      FloatVector numerator = ONE.blend(exp, z.compare(VectorOperators.LT, 0f));
      Lanes.store(numerator.div(exp.add(ONE)), y + 4L * i, left, rest);
    }
  }

  /** log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)). */
  static void softplus(long x, long bias, long scratch, long y, int floats) {
    exponentials(x, bias, scratch, floats);
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      FloatVector small = Lanes.logOnePlus(Lanes.load(scratch + 4L * i, left, rest));
      Lanes.store(z.max(ZERO).add(small), y + 4L * i, left, rest);
    }
  }

  /** exp(-|x + bias|). */
  private static void exponentials(long x, long bias, long y, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      Lanes.store(Lanes.exp(z.abs().neg()), y + 4L * i, left, rest);
    }
  }

  /** e to the power of x; infinite above 88. */
  static void exp(long x, long bias, long scratch, long y, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      FloatVector bounded = Lanes.exp(z.min(88f));
      FloatVector power =
          bounded.blend(Float.POSITIVE_INFINITY, z.compare(VectorOperators.GT, 88f));
      Lanes.store(power, y + 4L * i, left, rest);
    }
  }

  /** Square root. */
  static void sqrt(long x, long bias, long scratch, long y, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      Lanes.store(z.sqrt(), y + 4L * i, left, rest);
    }
  }
}
