package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.ScatterColumns;

/** {@link GatherColumns} and {@link ScatterColumns}. */
final class ColumnsReference {
  private ColumnsReference() {}

  static List<Tensor> gather(List<Tensor> operands) {
    Tensor x = operands.get(0);
    Tensor indices = operands.get(1);
    Tensor y = Tensor.zeros(indices.shape());
    for (int row = 0; row < y.rows(); row++) {
      for (int k = 0; k < y.columns(); k++) {
        y.set(row, k, x.at(row, (int) indices.at(row, k)));
      }
    }
    return List.of(y);
  }

  static List<Tensor> scatter(ScatterColumns op, List<Tensor> operands) {
    Tensor x = operands.get(0);
    Tensor indices = operands.get(1);
    Tensor y = Tensor.zeros(x.shape().withColumns(op.columns()));
    for (int row = 0; row < x.rows(); row++) {
      for (int k = 0; k < x.columns(); k++) {
        y.set(row, (int) indices.at(row, k), x.at(row, k));
      }
    }
    return List.of(y);
  }
}
