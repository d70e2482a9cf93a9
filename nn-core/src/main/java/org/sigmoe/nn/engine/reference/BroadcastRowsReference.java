package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.BroadcastRows;

/** {@link BroadcastRows}. */
final class BroadcastRowsReference {
  private BroadcastRowsReference() {}

  static List<Tensor> forward(BroadcastRows op, List<Tensor> operands) {
    Tensor y = Tensor.zeros(op.shape());
    for (int i = 0; i < y.size(); i++) {
      y.set(i, operands.getFirst().at(i % y.columns()));
    }
    return List.of(y);
  }
}
