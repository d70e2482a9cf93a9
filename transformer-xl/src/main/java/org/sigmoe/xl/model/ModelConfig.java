package org.sigmoe.xl.model;

import org.sigmoe.nn.layer.FeedForwardConfig;

/**
 * Sizes of a language model. Every component is a key that a user may write, and every check names
 * it.
 *
 * @param vocabulary V, number of distinct tokens, at least 2
 * @param dModel D, width of the residual stream, even and at least 2 (positions are pairs of sine
 *     and cosine)
 * @param layers number of layers, at least 1
 * @param heads H, number of attention heads, at least 1
 * @param headSize P, width of a head, at least 1; heads * headSize need not be dModel
 * @param feedForward family and options of the feed-forward blocks
 * @param context T, tokens of a training segment, at least 1
 * @param memory M, tokens of earlier segments that training sees, at least 1
 * @param dropout rate of every dropout of the model, in [0, 1)
 */
public record ModelConfig(
    int vocabulary,
    int dModel,
    int layers,
    int heads,
    int headSize,
    FeedForwardConfig feedForward,
    int context,
    int memory,
    double dropout) {

  /** Checks the ranges. */
  public ModelConfig {
    requireAtLeast(2, "vocabulary", vocabulary);
    requireAtLeast(2, "dModel", dModel);
    if (dModel % 2 != 0) {
      throw new IllegalArgumentException(
          "dModel: must be even (positions are pairs of sine and cosine), got " + dModel);
    }
    requireAtLeast(1, "layers", layers);
    requireAtLeast(1, "heads", heads);
    requireAtLeast(1, "headSize", headSize);
    if ((long) heads * headSize > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "headSize: %d heads of %d are too wide".formatted(heads, headSize));
    }
    requireAtLeast(1, "context", context);
    requireAtLeast(1, "memory", memory);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout: must be in [0, 1), got " + dropout);
    }
  }

  /**
   * The width of a head where none is given: dModel / heads.
   *
   * @throws IllegalArgumentException if heads does not divide dModel
   */
  public static int defaultHeadSize(int dModel, int heads) {
    requireAtLeast(1, "heads", heads);
    if (dModel % heads != 0) {
      throw new IllegalArgumentException(
          "heads: %d does not divide dModel %d; give headSize or another number"
              .formatted(heads, dModel));
    }
    return dModel / heads;
  }

  /** With another vocabulary: the data's own, where a preset names one. */
  public ModelConfig withVocabulary(int size) {
    return new ModelConfig(
        size, dModel, layers, heads, headSize, feedForward, context, memory, dropout);
  }

  /** H*P, the width of all heads together. */
  public int attentionWidth() {
    return heads * headSize;
  }

  private static void requireAtLeast(int least, String key, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: must be at least %d, got %d".formatted(key, least, value));
    }
  }
}
