package org.sigmoe.bench.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sizes of a dense pre-layer-norm Transformer-XL and of the batches that it is trained on.
 *
 * @param vocabulary V, number of different tokens
 * @param dModel d, width of the residual stream
 * @param layers L
 * @param heads H
 * @param headDim P, width of one head; {@code heads * headDim} need not be {@code dModel}
 * @param dFeedForward width of the feed-forward block's hidden layer
 * @param context T, tokens of a stream in one step
 * @param memory M, positions of earlier segments that attention sees
 * @param batch B, streams
 * @param dropout share of activations that are dropped, in [0, 1)
 */
public record ModelShape(
    int vocabulary,
    int dModel,
    int layers,
    int heads,
    int headDim,
    int dFeedForward,
    int context,
    int memory,
    int batch,
    double dropout) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a size is not positive, or {@code dropout} is outside [0,
   *     1)
   */
  public ModelShape {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("vocabulary", vocabulary);
    sizes.put("dModel", dModel);
    sizes.put("layers", layers);
    sizes.put("heads", heads);
    sizes.put("headDim", headDim);
    sizes.put("dFeedForward", dFeedForward);
    sizes.put("context", context);
    sizes.put("memory", memory);
    sizes.put("batch", batch);
    sizes.forEach(
        (name, size) -> {
          if (size < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + size);
          }
        });
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), but is " + dropout);
    }
  }

  /** N = B * T, the tokens of one training step. */
  public int tokensPerStep() {
    return Math.multiplyExact(batch, context);
  }

  /** The same sizes with another dropout. */
  public ModelShape withDropout(double other) {
    return new ModelShape(
        vocabulary, dModel, layers, heads, headDim, dFeedForward, context, memory, batch, other);
  }
}
