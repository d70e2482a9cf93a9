package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.Dropout;

/** {@link Dropout}. */
final class DropoutReference {
  private DropoutReference() {}

  static List<Tensor> forward(Dropout op, List<Tensor> operands) {
    Tensor x = operands.getFirst();
    Mask mask = Mask.of(op, operands.get(1));
    Tensor y = Tensor.zeros(x.shape());
    for (int i = 0; i < y.size(); i++) {
      y.set(i, mask.apply(i, x.at(i)));
    }
    return List.of(y);
  }
}
