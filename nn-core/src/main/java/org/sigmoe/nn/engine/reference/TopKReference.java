package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.TopK;

/** {@link TopK}. */
final class TopKReference {
  private TopKReference() {}

  static List<Tensor> forward(TopK op, List<Tensor> operands) {
    Tensor scores = operands.getFirst();
    Tensor indices = Tensor.zeros(scores.shape().withColumns(op.k()));
    for (int row = 0; row < scores.rows(); row++) {
      boolean[] taken = new boolean[scores.columns()];
      for (int k = 0; k < op.k(); k++) {
        int best = best(scores, row, taken);
        taken[best] = true;
        indices.set(row, k, best);
      }
    }
    return List.of(indices);
  }

  /** The first of the largest scores that are not taken; a NaN only if nothing else is left. */
  private static int best(Tensor scores, int row, boolean[] taken) {
    int best = -1;
    for (int column = 0; column < scores.columns(); column++) {
      if (!taken[column] && (best < 0 || isBetter(scores.at(row, column), scores.at(row, best)))) {
        best = column;
      }
    }
    return best;
  }

  private static boolean isBetter(double score, double best) {
    return score > best || Double.isNaN(best) && !Double.isNaN(score);
  }
}
