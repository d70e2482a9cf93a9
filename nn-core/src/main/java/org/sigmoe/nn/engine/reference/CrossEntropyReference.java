package org.sigmoe.nn.engine.reference;

import java.util.List;

/** {@link org.sigmoe.nn.graph.op.CrossEntropy} and its gradient. */
final class CrossEntropyReference {
  private CrossEntropyReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor logits = operands.get(0);
    Tensor targets = operands.get(1);
    Tensor nll = Tensor.zeros(logits.shape().withoutColumns());
    Tensor lse = Tensor.zeros(logits.shape().withoutColumns());
    for (int row = 0; row < logits.rows(); row++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int column = 0; column < logits.columns(); column++) {
        largest = Math.max(largest, logits.at(row, column));
      }
      double sum = 0;
      for (int column = 0; column < logits.columns(); column++) {
        sum += Math.exp(logits.at(row, column) - largest);
      }
      lse.set(row, largest + Math.log(sum));
      nll.set(row, lse.at(row) - logits.at(row, targets.intAt(row)));
    }
    return List.of(nll, lse);
  }

  static List<Tensor> gradient(List<Tensor> operands) {
    Tensor logits = operands.get(0);
    Tensor targets = operands.get(1);
    Tensor lse = operands.get(2);
    Tensor dnll = operands.get(3);
    Tensor dlogits = Tensor.zeros(logits.shape());
    for (int row = 0; row < logits.rows(); row++) {
      for (int column = 0; column < logits.columns(); column++) {
        double softmax = Math.exp(logits.at(row, column) - lse.at(row));
        double onehot = column == targets.intAt(row) ? 1 : 0;
        dlogits.set(row, column, (softmax - onehot) * dnll.at(row));
      }
    }
    return List.of(dlogits);
  }
}
