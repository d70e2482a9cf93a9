package org.sigmoe.nn.engine.reference;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.sigmoe.nn.graph.op.LogSumExp;

/** {@link LogSumExp} and its gradient. */
final class LogSumExpReference {
  private LogSumExpReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor x = operands.getFirst();
    Tensor y = Tensor.zeros(x.shape().withoutColumns());
    for (int row = 0; row < x.rows(); row++) {
      int first = row * x.columns();
      y.set(row, of(x.columns(), column -> x.at(first + column)));
    }
    return List.of(y);
  }

  static List<Tensor> gradient(List<Tensor> operands) {
    Tensor dy = operands.get(0);
    Tensor x = operands.get(1);
    Tensor y = operands.get(2);
    Tensor dx = Tensor.zeros(x.shape());
    for (int row = 0; row < x.rows(); row++) {
      for (int column = 0; column < x.columns(); column++) {
        dx.set(row, column, dy.at(row) * Math.exp(x.at(row, column) - y.at(row)));
      }
    }
    return List.of(dx);
  }

  /** log of the sum over i in [0, count) of exp(term(i)). */
  static double of(int count, IntToDoubleFunction term) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, term.applyAsDouble(i));
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.exp(term.applyAsDouble(i) - largest);
    }
    return largest + Math.log(sum);
  }
}
