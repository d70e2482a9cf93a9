package org.sigmoe.nn.layer;

import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Sizes a family to a number of parameters, so that families are compared at equal counts.
 *
 * <pre>{@code
 * int subKeys = ParameterMatching.size(n -> new PkmConfig(n, 4), 412, new DenseConfig(2053));
 * }</pre>
 */
public final class ParameterMatching {
  private static final int LARGEST = 1 << 30;
  private static final long REFUSED = -1;

  private ParameterMatching() {}

  /** The number of parameters of one block of width D. */
  public static long parameters(FeedForwardConfig config, int dModel) {
    return config.build(new FeedForwardConfig.Placement("block", dModel, 1, 0)).parameterCount();
  }

  /** The size at which a block of a family has nearest the parameters of another. */
  public static int size(
      IntFunction<? extends FeedForwardConfig> family, int dModel, FeedForwardConfig other) {
    return size(family, dModel, parameters(other, dModel));
  }

  /**
   * The size at which a block of a family has nearest {@code target} parameters; of two equally
   * near the smaller.
   *
   * @param family the options for a size from 1 up. Parameters grow with it. A size that it refuses
   *     ({@link IllegalArgumentException}) is taken as too small
   * @param dModel D
   * @throws IllegalArgumentException if no size gives enough parameters; says what the family says
   *     of the greatest size, if it refuses it
   */
  public static int size(IntFunction<? extends FeedForwardConfig> family, int dModel, long target) {
    int enough = 1;
    while (count(family, dModel, enough) < target) {
      if (enough == LARGEST) {
        throw new IllegalArgumentException(
            "No size gives %,d parameters: %s"
                .formatted(target, refusal(family, enough).orElse("all give fewer")));
      }
      enough *= 2;
    }
    int tooSmall = enough / 2;
    while (enough - tooSmall > 1) {
      int middle = tooSmall + (enough - tooSmall) / 2;
      if (count(family, dModel, middle) < target) {
        tooSmall = middle;
      } else {
        enough = middle;
      }
    }
    long below = tooSmall == 0 ? REFUSED : count(family, dModel, tooSmall);
    boolean nearer = below != REFUSED && target - below <= count(family, dModel, enough) - target;
    return nearer ? tooSmall : enough;
  }

  private static long count(IntFunction<? extends FeedForwardConfig> family, int dModel, int size) {
    try {
      return parameters(family.apply(size), dModel);
    } catch (IllegalArgumentException _) {
      return REFUSED;
    }
  }

  private static Optional<String> refusal(
      IntFunction<? extends FeedForwardConfig> family, int size) {
    try {
      FeedForwardConfig _ = family.apply(size);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }
}
