package org.sigmoe.cli.info;

/**
 * A part of a model.
 *
 * @param name its place in the graph, for example {@code layers.0.self_attn}
 * @param parameters number of learned elements
 * @param flopsPerToken floating-point operations of the forward pass for each token
 * @param trainingFlopsPerToken the same with the backward pass
 */
public record ModelPart(
    String name, long parameters, double flopsPerToken, double trainingFlopsPerToken) {

  /** FLOPs are quotients; a difference below this is none. */
  private static final double SAME_FLOPS = 0.5;

  /** Whether another part, whatever its name, takes the same. */
  boolean takesTheSameAs(ModelPart other) {
    return parameters == other.parameters
        && Math.abs(flopsPerToken - other.flopsPerToken) < SAME_FLOPS
        && Math.abs(trainingFlopsPerToken - other.trainingFlopsPerToken) < SAME_FLOPS;
  }
}
