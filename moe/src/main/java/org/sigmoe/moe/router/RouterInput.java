package org.sigmoe.moe.router;

import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.BuildContext;

/**
 * What a router selects from.
 *
 * @param context training or evaluation
 * @param logits x W3^T, [.., E]
 * @param noiseLogits x W4^T, [.., E]; null for a router without noise
 * @param mask which experts are dropped; null where none are
 * @param k how many experts a token gets
 */
public record RouterInput(
    BuildContext context,
    Value logits,
    @Nullable Value noiseLogits,
    @Nullable ExpertMask mask,
    int k) {

  /** Scores [.., E] with 0 where an expert is dropped. */
  Value masked(Value scores) {
    return mask == null ? scores : mask.apply(scores);
  }

  /** Whether the graph is for training. */
  boolean training() {
    return context.mode() == BuildContext.Mode.TRAINING;
  }
}
