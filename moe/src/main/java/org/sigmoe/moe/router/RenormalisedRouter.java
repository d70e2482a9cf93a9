package org.sigmoe.moe.router;

import java.util.Arrays;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.BroadcastRows;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.Softmax;
import org.sigmoe.nn.graph.op.TopK;

/**
 * Softmax after top-K: weights are the probabilities of the K selected experts, normalised to the
 * sum 1 (Csordas et al. 2023, eq. 23 to 25). A selected expert that is dropped, because fewer than
 * K are left, keeps its share of that sum and has the weight 0.
 *
 * @param compat in {@link Compat#PAPER_CODE} what balances sees the K selected logits in place of
 *     all, which says nothing of experts, so that nothing is balanced
 */
public record RenormalisedRouter(Compat compat) implements Router {
  @Override
  public Routing route(RouterInput input) {
    Value logits = input.logits();
    // Probabilities rank as logits do, and unlike these are never below the 0 of what is dropped.
    Value scores = input.mask() == null ? logits : input.masked(Softmax.of(logits, 1));
    Value experts = TopK.of(scores, input.k());
    Value weights = Routing.renormalised(logits, experts);
    if (input.mask() != null) {
      Value kept = input.masked(ones(logits.graph(), logits.shape()));
      weights = Multiply.of(weights, GatherColumns.of(kept, experts));
    }
    Value balanced =
        switch (compat) {
          case NONE -> logits;
          case PAPER_CODE -> GatherColumns.of(logits, experts);
        };
    return new Routing(scores, experts, weights, balanced);
  }

  private static Value ones(Graph graph, Shape shape) {
    float[] row = new float[shape.columns()];
    Arrays.fill(row, 1);
    return BroadcastRows.of(graph.constant("ones", Shape.of(row.length), () -> row), shape);
  }
}
