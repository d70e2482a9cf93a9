package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.TopK;

/** {@link TopK}. */
final class TopKReference {
  private TopKReference() {}

  static List<Tensor> forward(TopK op, List<Tensor> operands) {
    Tensor scores = operands.getFirst();
    Tensor indices = Tensor.zeros(scores.shape().withColumns(op.k()));
    for (int r = 0; r < scores.rows(); r++) {
      int row = r;
      int[] largest = Ranking.largest(scores.columns(), column -> scores.at(row, column), op.k());
      for (int slot = 0; slot < op.k(); slot++) {
        indices.set(row, slot, largest[slot]);
      }
    }
    return List.of(indices);
  }
}
