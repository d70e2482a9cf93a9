package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.Sinkhorn;

/** {@link Sinkhorn}. */
final class SinkhornReference {
  private SinkhornReference() {}

  static List<Tensor> forward(Sinkhorn op, List<Tensor> operands) {
    Tensor logits = operands.getFirst();
    Tensor y = Tensor.zeros(logits.shape());
    int rows = logits.rows() / op.groups();
    for (int group = 0; group < op.groups(); group++) {
      balance(op, logits, group * rows, rows, y);
    }
    return List.of(y);
  }

  private static void balance(Sinkhorn op, Tensor x, int first, int rows, Tensor y) {
    int columns = x.columns();
    double sign =
        switch (op.form()) {
          case CORRECT -> 1;
          case PAPER_CODE -> -1;
        };
    double[] a = new double[columns];
    double[] b = new double[rows];
    for (int iteration = 0; iteration < op.iterations(); iteration++) {
      for (int i = 0; i < rows; i++) {
        int row = first + i;
        double sum = LogSumExpReference.of(columns, j -> x.at(row, j) + sign * a[j]);
        b[i] = Math.log(rows) - sum;
      }
      for (int j = 0; j < columns; j++) {
        int column = j;
        double sum = LogSumExpReference.of(rows, i -> x.at(first + i, column) + sign * b[i]);
        a[j] = Math.log(columns) - sum;
      }
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y.set(first + i, j, a[j] + b[i] + x.at(first + i, j));
      }
    }
  }
}
