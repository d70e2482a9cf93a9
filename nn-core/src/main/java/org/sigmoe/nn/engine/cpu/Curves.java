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
  private static final long NONE = 0;

  private static final FloatVector ZERO = Lanes.all(0f);
  private static final FloatVector ONE = Lanes.all(1f);
  private static final FloatVector HALF = Lanes.all(0.5f);

  private Curves() {}

  /** y = f(x + bias) on a row. */
  @FunctionalInterface
  interface Curve {
    /**
     * Does a row; y may be x.
     *
     * @param bias address, 0 for none
     */
    void apply(long x, long bias, long y, int floats);
  }

  private static FloatVector sum(long x, long bias, int left, VectorMask<Float> rest) {
    FloatVector value = Lanes.load(x, left, rest);
    return bias == NONE ? value : value.add(Lanes.load(bias, left, rest));
  }

  private static long next(long bias, int i) {
    return bias == NONE ? NONE : bias + 4L * i;
  }

  /** x times the normal distribution function of x. */
  static void gelu(long x, long bias, long y, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      Lanes.store(z.mul(distribution(z)), y + 4L * i, left, rest);
    }
  }

  /** The normal distribution function of x. */
  static void distribution(long x, long bias, long y, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      Lanes.store(distribution(z), y + 4L * i, left, rest);
    }
  }

  /** {@link ErrorFunction} on vectors. */
  private static FloatVector distribution(FloatVector x) {
    FloatVector z = x.abs().mul(ErrorFunction.SQRT_HALF);
    FloatVector t = ONE.div(z.fma(HALF, ONE));
    FloatVector g =
        t.fma(Lanes.all(ErrorFunction.G_9), Lanes.all(ErrorFunction.G_8))
            .fma(t, Lanes.all(ErrorFunction.G_7))
            .fma(t, Lanes.all(ErrorFunction.G_6))
            .fma(t, Lanes.all(ErrorFunction.G_5))
            .fma(t, Lanes.all(ErrorFunction.G_4))
            .fma(t, Lanes.all(ErrorFunction.G_3))
            .fma(t, Lanes.all(ErrorFunction.G_2))
            .fma(t, Lanes.all(ErrorFunction.G_1))
            .fma(t, Lanes.all(ErrorFunction.G_0));
    FloatVector tail = t.mul(HALF).mul(Lanes.exp(g.sub(z.mul(z))));
    return ONE.sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
  }

  /** Adds to each y the derivative's other part: z times the normal density of z = x + bias. */
  static void addDensity(long x, long bias, long y, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      FloatVector density = Lanes.exp(z.mul(z).mul(-0.5f)).mul(ErrorFunction.DENSITY_AT_0);
      Lanes.store(z.fma(density, Lanes.load(y + 4L * i, left, rest)), y + 4L * i, left, rest);
    }
  }

  /** 1 / (1 + exp(-x)), by the exponential of -|x|, which is at most 1. */
  static void sigmoid(long x, long bias, long y, int floats) {
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
  static void softplus(long x, long bias, long y, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      FloatVector small = Lanes.logOnePlus(Lanes.exp(z.abs().neg()));
      Lanes.store(z.max(ZERO).add(small), y + 4L * i, left, rest);
    }
  }

  /** e to the power of x; infinite above 88. */
  static void exp(long x, long bias, long y, int floats) {
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
  static void sqrt(long x, long bias, long y, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector z = sum(x + 4L * i, next(bias, i), left, rest);
      Lanes.store(z.sqrt(), y + 4L * i, left, rest);
    }
  }
}
