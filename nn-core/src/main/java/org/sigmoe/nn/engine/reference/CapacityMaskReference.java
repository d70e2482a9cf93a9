package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.CapacityMask;

/** {@link CapacityMask}. */
final class CapacityMaskReference {
  private CapacityMaskReference() {}

  static List<Tensor> forward(CapacityMask op, List<Tensor> operands) {
    Tensor order = operands.get(0);
    Tensor offsets = operands.get(1);
    Tensor mask = Tensor.zeros(op.result());
    int[] groups = RouteReference.groups(offsets, order.size());
    for (int row = 0; row < order.size(); row++) {
      boolean fits = row - offsets.intAt(groups[row]) < op.capacity();
      mask.set(order.intAt(row), fits ? 1 : 0);
    }
    return List.of(mask);
  }
}
