package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.ProductKeyTopK;

/** {@link ProductKeyTopK} and its gradient: every pair is looked at, in no stages. */
final class ProductKeyTopKReference {
  private ProductKeyTopKReference() {}

  static List<Tensor> forward(ProductKeyTopK op, List<Tensor> operands) {
    Tensor a = operands.get(0);
    Tensor b = operands.get(1);
    int keysB = b.columns();
    Tensor scores = Tensor.zeros(a.shape().withColumns(op.k()));
    Tensor indices = Tensor.zeros(scores.shape());
    for (int r = 0; r < a.rows(); r++) {
      int row = r;
      int[] largest =
          Ranking.largest(
              a.columns() * keysB,
              pair -> a.at(row, pair / keysB) + b.at(row, pair % keysB),
              op.k());
      for (int slot = 0; slot < op.k(); slot++) {
        int pair = largest[slot];
        indices.set(row, slot, pair);
        scores.set(row, slot, a.at(row, pair / keysB) + b.at(row, pair % keysB));
      }
    }
    return List.of(scores, indices);
  }

  static List<Tensor> gradient(ProductKeyTopK.Gradient op, List<Tensor> operands) {
    Tensor dscores = operands.get(0);
    Tensor indices = operands.get(1);
    Tensor da = Tensor.zeros(indices.shape().withColumns(op.keysA()));
    Tensor db = Tensor.zeros(indices.shape().withColumns(op.keysB()));
    for (int row = 0; row < indices.rows(); row++) {
      for (int slot = 0; slot < indices.columns(); slot++) {
        int pair = (int) indices.at(row, slot);
        da.add(row, pair / op.keysB(), dscores.at(row, slot));
        db.add(row, pair % op.keysB(), dscores.at(row, slot));
      }
    }
    return List.of(da, db);
  }
}
