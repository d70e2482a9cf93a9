package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Reductions of a row of floats, in an order that depends on its length only. */
final class RowSums {
  private RowSums() {}

  /** The largest float of a row; NaN if there is one. */
  static float max(long row, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    FloatVector max = Lanes.all(Float.NEGATIVE_INFINITY);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector larger = max.max(Lanes.load(row + 4L * i, left, rest));
      max = left >= Lanes.COUNT ? larger : max.blend(larger, rest);
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** The sum of a row. */
  static float sum(long row, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    FloatVector sum = Lanes.all(0f);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      sum = sum.add(Lanes.load(row + 4L * i, floats - i, rest));
    }
    return Lanes.sum(sum);
  }

  /** The sum of exp(x - max). */
  static float exponentials(long row, int floats, float max) {
    VectorMask<Float> rest = Lanes.rest(floats);
    FloatVector sum = Lanes.all(0f);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector exp = Lanes.exp(Lanes.load(row + 4L * i, left, rest).sub(max));
      sum = sum.add(Lanes.within(exp, left, rest));
    }
    return Lanes.sum(sum);
  }

  /** log of the sum of exp(x). */
  static double logSumExp(long row, int floats) {
    float max = max(row, floats);
    double sum = exponentials(row, floats, max);
    return max + Math.log(sum);
  }

  /** The sum of the products of two rows. */
  static float products(long a, long b, int floats) {
    VectorMask<Float> rest = Lanes.rest(floats);
    FloatVector sum = Lanes.all(0f);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector factor = Lanes.load(a + 4L * i, left, rest);
      sum = factor.fma(Lanes.load(b + 4L * i, left, rest), sum);
    }
    return Lanes.sum(sum);
  }
}
