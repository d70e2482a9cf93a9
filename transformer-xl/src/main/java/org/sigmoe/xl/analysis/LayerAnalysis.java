package org.sigmoe.xl.analysis;

import java.util.Optional;

/**
 * How a text uses one feed-forward block.
 *
 * @param name its place in the model, for example {@code layers.0.feed_forward}
 * @param units of its hidden layer, where it has a whole one (dense, top-K)
 * @param experts of a mixture of experts
 * @param values of a product-key memory
 */
public record LayerAnalysis(
    String name, Optional<UnitUse> units, Optional<ExpertUse> experts, Optional<Use> values) {}
