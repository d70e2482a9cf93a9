package org.sigmoe.nn.engine.reference;

import java.util.List;

/** {@link org.sigmoe.nn.graph.op.AddSquaredNorm}. */
final class AddSquaredNormReference {
  private AddSquaredNormReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor x = operands.get(1);
    double total = operands.get(0).at(0);
    for (int i = 0; i < x.size(); i++) {
      total += x.at(i) * x.at(i);
    }
    return List.of(Tensor.scalar(total));
  }
}
