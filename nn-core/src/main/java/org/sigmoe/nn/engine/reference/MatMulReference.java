package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;

/** {@link MatMul}. */
final class MatMulReference {
  private MatMulReference() {}

  static List<Tensor> forward(MatMul op, List<Tensor> operands) {
    Tensor a = operands.get(0);
    Tensor b = operands.get(1);
    boolean rowsOfA = op.transposeA() == Transpose.NO;
    boolean rowsOfB = op.transposeB() == Transpose.NO;
    int inner = rowsOfA ? a.columns() : a.rows();
    int columns = rowsOfB ? b.columns() : b.rows();
    Tensor y =
        Tensor.zeros(rowsOfA ? a.shape().withColumns(columns) : Shape.of(a.columns(), columns));
    for (int i = 0; i < y.rows(); i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += (rowsOfA ? a.at(i, k) : a.at(k, i)) * (rowsOfB ? b.at(k, j) : b.at(j, k));
        }
        y.set(i, j, sum);
      }
    }
    return List.of(y);
  }
}
