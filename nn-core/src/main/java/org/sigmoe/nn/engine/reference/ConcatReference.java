package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.Concat;

/** {@link Concat} and its gradient. */
final class ConcatReference {
  private ConcatReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor a = operands.get(0);
    Tensor b = operands.get(1);
    int first = a.shape().size(1);
    Tensor y = Tensor.zeros(a.shape().withSize(1, first + b.shape().size(1)));
    Shape joined = y.shape();
    for (int batch = 0; batch < joined.size(0); batch++) {
      for (int row = 0; row < joined.size(1); row++) {
        for (int column = 0; column < joined.size(2); column++) {
          double element =
              row < first ? a.at(batch, row, column) : b.at(batch, row - first, column);
          y.set(batch, row, column, element);
        }
      }
    }
    return List.of(y);
  }

  static List<Tensor> gradient(Concat.Gradient op, List<Tensor> operands) {
    Tensor dy = operands.getFirst();
    Shape joined = dy.shape();
    int first = op.first();
    Tensor da = Tensor.zeros(joined.withSize(1, first));
    Tensor db = Tensor.zeros(joined.withSize(1, joined.size(1) - first));
    for (int batch = 0; batch < joined.size(0); batch++) {
      for (int row = 0; row < joined.size(1); row++) {
        for (int column = 0; column < joined.size(2); column++) {
          double element = dy.at(batch, row, column);
          if (row < first) {
            da.set(batch, row, column, element);
          } else {
            db.set(batch, row - first, column, element);
          }
        }
      }
    }
    return List.of(da, db);
  }
}
