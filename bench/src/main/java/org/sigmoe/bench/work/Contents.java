package org.sigmoe.bench.work;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** What a tensor holds. The same seed gives the same elements. */
@FunctionalInterface
interface Contents {

  /** Writes the elements: all of {@code target}. */
  void fill(SplittableRandom random, MemorySegment target);

  /** Normal with mean 0. */
  static Contents normal(double deviation) {
    return (random, target) -> {
      for (long i = 0; i < target.byteSize() / Float.BYTES; i++) {
        target.setAtIndex(JAVA_FLOAT, i, (float) (deviation * random.nextGaussian()));
      }
    };
  }

  /** Uniform in [least, most). */
  static Contents uniform(double least, double most) {
    return (random, target) -> {
      for (long i = 0; i < target.byteSize() / Float.BYTES; i++) {
        target.setAtIndex(JAVA_FLOAT, i, (float) random.nextDouble(least, most));
      }
    };
  }

  /** Integers from 0 to {@code bound - 1}. */
  static Contents below(int bound) {
    return (random, target) -> {
      for (long i = 0; i < target.byteSize() / Integer.BYTES; i++) {
        target.setAtIndex(JAVA_INT, i, random.nextInt(bound));
      }
    };
  }

  /** These integers. */
  static Contents of(int... elements) {
    return (_, target) -> MemorySegment.copy(elements, 0, target, JAVA_INT, 0, elements.length);
  }

  /** These numbers. */
  static Contents of(float... elements) {
    return (_, target) -> MemorySegment.copy(elements, 0, target, JAVA_FLOAT, 0, elements.length);
  }
}
