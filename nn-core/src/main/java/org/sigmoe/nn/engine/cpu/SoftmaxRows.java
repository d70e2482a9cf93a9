package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** What the rows of a softmax need wherever they stand. */
final class SoftmaxRows {
  private SoftmaxRows() {}

  /** The largest of the floats {@code begin} to {@code end} of a row; NaN if there is one. */
  static float max(long row, int begin, int end) {
    FloatVector max = Lanes.all(Float.NEGATIVE_INFINITY);
    int c = begin;
    for (; c + Lanes.COUNT <= end; c += Lanes.COUNT) {
      max = max.max(Lanes.load(row + 4L * c));
    }
    if (c < end) {
      VectorMask<Float> rest = Lanes.below(c, end);
      max = max.blend(max.max(Lanes.load(row + 4L * c, rest)), rest);
    }
    return max.reduceLanes(VectorOperators.MAX);
  }
}
