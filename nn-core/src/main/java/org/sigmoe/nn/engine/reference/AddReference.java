package org.sigmoe.nn.engine.reference;

import java.util.List;

/** {@link org.sigmoe.nn.graph.op.Add}. */
final class AddReference {
  private AddReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor a = operands.get(0);
    Tensor b = operands.get(1);
    Tensor y = Tensor.zeros(a.shape());
    for (int i = 0; i < y.size(); i++) {
      y.set(i, a.at(i) + b.at(i));
    }
    return List.of(y);
  }
}
