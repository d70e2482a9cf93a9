package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;

/** {@link org.sigmoe.nn.graph.op.SumRows}. */
final class SumRowsReference {
  private SumRowsReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor x = operands.getFirst();
    Tensor sum = Tensor.zeros(Shape.of(x.columns()));
    for (int row = 0; row < x.rows(); row++) {
      for (int column = 0; column < x.columns(); column++) {
        sum.add(column, x.at(row, column));
      }
    }
    return List.of(sum);
  }
}
