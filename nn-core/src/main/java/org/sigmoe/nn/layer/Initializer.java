package org.sigmoe.nn.layer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.sigmoe.nn.graph.Shape;

/**
 * What a parameter holds before the first step. Families of other modules bring their own.
 *
 * <p>Weights are [out, in]: fanIn is the last dimension of a shape.
 */
public interface Initializer {

  /**
   * Writes all elements of a tensor.
   *
   * @param shape of the tensor
   * @param random where randomness comes from; the same state gives the same elements
   * @param target f32 elements, row-major, native byte order
   */
  void fill(Shape shape, SplittableRandom random, MemorySegment target);

  /** All zeros. */
  static Initializer zeros() {
    return new Constant(0);
  }

  /** All ones. */
  static Initializer ones() {
    return new Constant(1);
  }

  /**
   * PyTorch's default for the weight and the bias of a linear layer (kaiming_uniform with a =
   * sqrt(5)): uniform in +-1/sqrt(fanIn).
   */
  static Initializer linearDefault(int fanIn) {
    return new Uniform(1 / Math.sqrt(fanIn));
  }

  /**
   * The weights of a linear layer in a pre-layer-norm Transformer of {@code layers} layers, as the
   * paper's code sets them: {@link TruncatedNormal} with standard deviation sqrt(2 / (layers *
   * fanIn)).
   */
  static Initializer preLayerNorm(int fanIn, int layers) {
    return new TruncatedNormal(Math.sqrt(2.0 / ((double) layers * fanIn)));
  }

  /** Every element is {@code value}. */
  record Constant(float value) implements Initializer {
    @Override
    public void fill(Shape shape, SplittableRandom random, MemorySegment target) {
      fillWith(target, () -> value);
    }
  }

  /** Normal with mean 0. */
  record Normal(double std) implements Initializer {
    @Override
    public void fill(Shape shape, SplittableRandom random, MemorySegment target) {
      fillWith(target, () -> std * random.nextGaussian());
    }
  }

  /** Uniform in [-bound, bound). */
  record Uniform(double bound) implements Initializer {
    @Override
    public void fill(Shape shape, SplittableRandom random, MemorySegment target) {
      fillWith(target, () -> bound * (2 * random.nextDouble() - 1));
    }
  }

  /**
   * Uniform in +-sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010), for a matrix [fanOut, fanIn].
   */
  record XavierUniform() implements Initializer {
    @Override
    public void fill(Shape shape, SplittableRandom random, MemorySegment target) {
      double bound = Math.sqrt(6.0 / (shape.rows() + shape.columns()));
      new Uniform(bound).fill(shape, random, target);
    }
  }

  /**
   * Normal with mean 0, truncated at two standard deviations, then scaled so that the elements
   * drawn have exactly the standard deviation {@code std} (unbiased estimate, as PyTorch's {@code
   * std()}). The linear layers of the paper's pre-layer-norm model start so.
   */
  record TruncatedNormal(double std) implements Initializer {
    private static final double CUT = 2;

    @Override
    public void fill(Shape shape, SplittableRandom random, MemorySegment target) {
      long count = shape.elements();
      if (count < 2) {
        throw new IllegalArgumentException(
            "A tensor " + shape + " has no standard deviation to scale: it needs two elements");
      }
      fillWith(target, () -> truncated(random));
      double sum = 0;
      for (long i = 0; i < count; i++) {
        sum += target.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      }
      double mean = sum / count;
      double squares = 0;
      for (long i = 0; i < count; i++) {
        double deviation = target.getAtIndex(ValueLayout.JAVA_FLOAT, i) - mean;
        squares += deviation * deviation;
      }
      double scale = std / Math.sqrt(squares / (count - 1));
      for (long i = 0; i < count; i++) {
        float drawn = target.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        target.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (drawn * scale));
      }
    }

    private static double truncated(SplittableRandom random) {
      double drawn = random.nextGaussian();
      while (Math.abs(drawn) > CUT) {
        drawn = random.nextGaussian();
      }
      return drawn;
    }
  }

  private static void fillWith(MemorySegment target, DoubleSupplier elements) {
    long count = target.byteSize() / Float.BYTES;
    for (long i = 0; i < count; i++) {
      target.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) elements.getAsDouble());
    }
  }
}
