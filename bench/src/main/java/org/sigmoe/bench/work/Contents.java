package org.sigmoe.bench.work;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What a tensor holds. The same seed gives the same elements. */
@FunctionalInterface
interface Contents {
  /** Elements that one generator draws. */
  int PART = 1 << 16;

  /** Writes the elements: all of {@code target}. */
  void fill(SplittableRandom random, MemorySegment target);

  /** Normal with mean 0. */
  static Contents normal(double deviation) {
    return floats(random -> deviation * random.nextGaussian());
  }

  /** Uniform in [least, most). */
  static Contents uniform(double least, double most) {
    return floats(random -> random.nextDouble(least, most));
  }

  /** Drawn by all cores: each part of a tensor has a generator of its own. */
  private static Contents floats(ToDoubleFunction<SplittableRandom> draw) {
    return (random, target) -> {
      long elements = target.byteSize() / Float.BYTES;
      SplittableRandom[] parts =
          new SplittableRandom[Math.toIntExact(Math.ceilDiv(elements, PART))];
      Arrays.setAll(parts, _ -> random.split());
      IntStream.range(0, parts.length)
          .parallel()
          .forEach(
              part -> {
                long end = Math.min(elements, (part + 1L) * PART);
                for (long i = (long) part * PART; i < end; i++) {
                  target.setAtIndex(JAVA_FLOAT, i, (float) draw.applyAsDouble(parts[part]));
                }
              });
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

  /** Rounds floats to the nearest number of 8 significant bits; of two as near, to the even one. */
  static void roundToBf16(MemorySegment floats) {
    for (long at = 0; at < floats.byteSize(); at += Float.BYTES) {
      int bits = floats.get(JAVA_INT, at);
      int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
      floats.set(JAVA_INT, at, rounded & 0xFFFF0000);
    }
  }
}
