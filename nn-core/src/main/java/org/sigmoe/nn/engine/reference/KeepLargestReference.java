package org.sigmoe.nn.engine.reference;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.sigmoe.nn.graph.op.KeepLargest;

/** {@link KeepLargest} and its gradient. */
final class KeepLargestReference {
  private KeepLargestReference() {}

  static List<Tensor> forward(KeepLargest op, List<Tensor> operands) {
    Tensor x = operands.getFirst();
    Tensor y = Tensor.zeros(x.shape());
    int k = Math.min(op.k(), x.columns());
    for (int r = 0; r < x.rows(); r++) {
      int row = r;
      IntToDoubleFunction scores =
          op.scaled()
              ? column -> x.at(row, column) * operands.get(1).at(column)
              : column -> x.at(row, column);
      int[] largest = Ranking.largest(x.columns(), scores, k);
      double threshold = scores.applyAsDouble(largest[k - 1]);
      for (int column = 0; column < x.columns(); column++) {
        if (!(scores.applyAsDouble(column) < threshold)) {
          y.set(row, column, x.at(row, column));
        }
      }
    }
    return List.of(y);
  }

  static List<Tensor> gradient(List<Tensor> operands) {
    Tensor dy = operands.get(0);
    Tensor y = operands.get(1);
    Tensor dx = Tensor.zeros(y.shape());
    for (int i = 0; i < dx.size(); i++) {
      dx.set(i, y.at(i) != 0 ? dy.at(i) : 0);
    }
    return List.of(dx);
  }
}
