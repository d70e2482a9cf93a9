package org.sigmoe.moe;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.layer.Initializer;

/**
 * Normal with mean 0, then every row [.., C] brought to one norm, and all to the standard deviation
 * that was drawn: only directions differ (Csordas et al. 2023, section 5; {@code renorm_keep_std}
 * in the paper's code).
 *
 * @param std standard deviation to draw with
 */
record EqualRows(double std) implements Initializer {
  @Override
  public void fill(Shape shape, SplittableRandom random, MemorySegment target) {
    new Normal(std).fill(shape, random, target);
    double drawn = standardDeviation(target, shape.elements());
    for (int row = 0; row < shape.rows(); row++) {
      MemorySegment elements =
          target.asSlice((long) row * shape.columns() * Float.BYTES, 4L * shape.columns());
      scale(elements, shape.columns(), 1 / norm(elements, shape.columns()));
    }
    scale(target, shape.elements(), drawn / standardDeviation(target, shape.elements()));
  }

  private static double norm(MemorySegment elements, long count) {
    double squares = 0;
    for (long i = 0; i < count; i++) {
      double element = elements.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      squares += element * element;
    }
    return Math.sqrt(squares);
  }

  /** About the mean, of the elements taken as a sample. Its size cancels out. */
  private static double standardDeviation(MemorySegment elements, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) {
      sum += elements.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    double squares = 0;
    for (long i = 0; i < count; i++) {
      double deviation = elements.getAtIndex(ValueLayout.JAVA_FLOAT, i) - sum / count;
      squares += deviation * deviation;
    }
    return Math.sqrt(squares);
  }

  private static void scale(MemorySegment elements, long count, double factor) {
    for (long i = 0; i < count; i++) {
      float element = elements.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      elements.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (element * factor));
    }
  }
}
