package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.Activate;

/** {@link Activate} and its gradient. */
final class ActivateReference {
  private ActivateReference() {}

  static List<Tensor> forward(Activate op, List<Tensor> operands) {
    Tensor x = operands.getFirst();
    Tensor y = Tensor.zeros(x.shape());
    for (int i = 0; i < y.size(); i++) {
      double sum = op.biased() ? x.at(i) + operands.get(1).at(i % x.columns()) : x.at(i);
      y.set(
          i,
          switch (op.activation()) {
            case IDENTITY -> sum;
            case RELU -> Math.max(sum, 0);
          });
    }
    if (op.rate() > 0) {
      Mask mask = new Mask(operands.getLast(), op.site(), op.rate());
      for (int i = 0; i < y.size(); i++) {
        y.set(i, mask.apply(i, y.at(i)));
      }
    }
    return List.of(y);
  }

  static List<Tensor> gradient(Activate.Gradient op, List<Tensor> operands) {
    Tensor dy = operands.get(0);
    Tensor y = operands.get(1);
    Tensor dx = Tensor.zeros(y.shape());
    for (int i = 0; i < dx.size(); i++) {
      dx.set(i, y.at(i) > 0 ? dy.at(i) / (1 - (double) op.rate()) : 0);
    }
    return List.of(dx);
  }
}
