package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.Mean;

/** {@link Mean} and its gradient. */
final class MeanReference {
  private MeanReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor x = operands.getFirst();
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      sum += x.at(i);
    }
    return List.of(Tensor.scalar(sum / x.size()));
  }

  static List<Tensor> gradient(Mean.Gradient op, List<Tensor> operands) {
    double dy = operands.getFirst().at(0);
    Tensor dx = Tensor.zeros(op.shape());
    for (int i = 0; i < dx.size(); i++) {
      dx.set(i, dy / dx.size());
    }
    return List.of(dx);
  }
}
