package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.Softmax;

/** {@link Softmax} and its gradient. */
final class SoftmaxReference {
  private SoftmaxReference() {}

  static List<Tensor> forward(Softmax op, List<Tensor> operands) {
    Tensor x = operands.getFirst();
    Tensor y = Tensor.zeros(x.shape());
    int span = op.span(x.shape());
    for (int begin = 0; begin < x.size(); begin += span) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = begin; i < begin + span; i++) {
        largest = Math.max(largest, x.at(i));
      }
      double sum = 0;
      for (int i = begin; i < begin + span; i++) {
        y.set(i, Math.exp(x.at(i) - largest));
        sum += y.at(i);
      }
      for (int i = begin; i < begin + span; i++) {
        y.set(i, y.at(i) / sum);
      }
    }
    return List.of(y);
  }

  static List<Tensor> gradient(Softmax.Gradient op, List<Tensor> operands) {
    Tensor dy = operands.get(0);
    Tensor y = operands.get(1);
    Tensor dx = Tensor.zeros(y.shape());
    int span = op.span(y.shape());
    for (int begin = 0; begin < y.size(); begin += span) {
      double sum = 0;
      for (int i = begin; i < begin + span; i++) {
        sum += dy.at(i) * y.at(i);
      }
      for (int i = begin; i < begin + span; i++) {
        dx.set(i, y.at(i) * (dy.at(i) - sum));
      }
    }
    return List.of(dx);
  }
}
