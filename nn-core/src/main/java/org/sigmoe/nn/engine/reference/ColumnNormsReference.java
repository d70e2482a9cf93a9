package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;

/** {@link org.sigmoe.nn.graph.op.ColumnNorms}. */
final class ColumnNormsReference {
  private ColumnNormsReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor x = operands.getFirst();
    Tensor norms = Tensor.zeros(Shape.of(x.columns()));
    for (int column = 0; column < x.columns(); column++) {
      double squares = 0;
      for (int row = 0; row < x.rows(); row++) {
        squares += x.at(row, column) * x.at(row, column);
      }
      norms.set(column, Math.sqrt(squares));
    }
    return List.of(norms);
  }
}
