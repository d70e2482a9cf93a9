package org.sigmoe.moe.router;

import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.Softmax;
import org.sigmoe.nn.graph.op.TopK;

/**
 * What a router gives.
 *
 * @param scores [.., E], by which experts were selected
 * @param experts i32 [.., K], the selected ones, by descending score
 * @param weights [.., K], factor of each one's output
 * @param balanced [.., E], logits whose softmax says how much each expert is used, for the losses
 *     that balance; in {@link Compat#PAPER_CODE} it may be something else
 */
public record Routing(Value scores, Value experts, Value weights, Value balanced) {

  /** Selects the K experts of the largest scores and takes the scores for weights. */
  static Routing byScore(Value scores, RouterInput input) {
    Value experts = TopK.of(scores, input.k());
    return new Routing(scores, experts, GatherColumns.of(scores, experts), input.logits());
  }

  /** Softmax over the selected logits alone: [.., K], each row with the sum 1. */
  static Value renormalised(Value logits, Value experts) {
    return Softmax.of(GatherColumns.of(logits, experts), 1);
  }
}
