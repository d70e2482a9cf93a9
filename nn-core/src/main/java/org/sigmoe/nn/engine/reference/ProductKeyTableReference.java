package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.ProductKeyTable;

/** {@link ProductKeyTable} and its gradient. */
final class ProductKeyTableReference {
  private ProductKeyTableReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor a = operands.get(0);
    Tensor b = operands.get(1);
    int heads = a.shape().size(-2);
    Tensor y = Tensor.zeros(a.shape().withTrailing(2, a.columns() * b.columns()));
    for (int row = 0; row < y.rows(); row++) {
      for (int head = row * heads; head < (row + 1) * heads; head++) {
        for (int i = 0; i < a.columns(); i++) {
          for (int j = 0; j < b.columns(); j++) {
            y.add(row, i * b.columns() + j, a.at(head, i) + b.at(head, j));
          }
        }
      }
    }
    return List.of(y);
  }

  static List<Tensor> gradient(ProductKeyTable.Gradient op, List<Tensor> operands) {
    Tensor dy = operands.getFirst();
    Tensor da = Tensor.zeros(dy.shape().withTrailing(1, op.heads(), op.keysA()));
    Tensor db = Tensor.zeros(dy.shape().withTrailing(1, op.heads(), op.keysB()));
    for (int row = 0; row < dy.rows(); row++) {
      for (int head = row * op.heads(); head < (row + 1) * op.heads(); head++) {
        for (int i = 0; i < op.keysA(); i++) {
          for (int j = 0; j < op.keysB(); j++) {
            double element = dy.at(row, i * op.keysB() + j);
            da.add(head, i, element);
            db.add(head, j, element);
          }
        }
      }
    }
    return List.of(da, db);
  }
}
