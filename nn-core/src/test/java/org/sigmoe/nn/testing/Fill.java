package org.sigmoe.nn.testing;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/** Where the elements of a test tensor come from. All of them are exact in its 32-bit type. */
@FunctionalInterface
public interface Fill {

  /** {@code count} elements. */
  double[] elements(int count, RandomGenerator random);

  /** Normally distributed around 0. */
  static Fill normal(double deviation) {
    return (count, random) -> draw(count, () -> random.nextGaussian() * deviation);
  }

  /** Evenly distributed. */
  static Fill uniform(double low, double high) {
    return (count, random) -> draw(count, () -> random.nextDouble(low, high));
  }

  /** Whole numbers in [0, bound). */
  static Fill below(int bound) {
    return (count, random) -> draw(count, () -> random.nextInt(bound));
  }

  /** These very elements in every run. */
  static Fill of(double... elements) {
    return (count, _) -> {
      if (count != elements.length) {
        throw new IllegalArgumentException(
            "A tensor of " + count + " elements was given " + elements.length);
      }
      return elements.clone();
    };
  }

  /** The same element everywhere. */
  static Fill all(double element) {
    return (count, _) -> {
      double[] elements = new double[count];
      Arrays.fill(elements, (float) element);
      return elements;
    };
  }

  private static double[] draw(int count, DoubleSupplier next) {
    double[] elements = new double[count];
    Arrays.setAll(elements, _ -> (float) next.getAsDouble());
    return elements;
  }
}
