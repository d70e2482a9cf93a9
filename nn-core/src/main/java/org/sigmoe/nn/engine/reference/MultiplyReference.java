package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.Scale;

/** {@link Multiply} and {@link Scale}. */
final class MultiplyReference {
  private MultiplyReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor a = operands.get(0);
    Tensor b = operands.get(1);
    Tensor y = Tensor.zeros(a.shape());
    for (int i = 0; i < y.size(); i++) {
      y.set(i, a.at(i) * b.at(i));
    }
    return List.of(y);
  }

  static List<Tensor> scale(Scale op, List<Tensor> operands) {
    Tensor x = operands.getFirst();
    Tensor y = Tensor.zeros(x.shape());
    for (int i = 0; i < y.size(); i++) {
      y.set(i, x.at(i) * op.factor());
    }
    return List.of(y);
  }
}
