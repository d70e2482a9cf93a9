package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.Route;

/** {@link Route}. */
final class RouteReference {
  private RouteReference() {}

  static List<Tensor> forward(Route op, List<Tensor> operands) {
    Tensor indices = operands.get(0);
    Tensor order = Tensor.zeros(Shape.of(indices.size()));
    Tensor offsets = Tensor.zeros(Shape.of(op.groups() + 1));
    Tensor counts = Tensor.zeros(Shape.of(op.groups()));
    int sorted = 0;
    for (int group = 0; group < op.groups(); group++) {
      for (int slot = 0; slot < indices.size(); slot++) {
        if (indices.intAt(slot) == group) {
          order.set(sorted++, slot);
          counts.add(group, 1);
        }
      }
      offsets.set(group + 1, sorted);
    }
    if (sorted < indices.size()) {
      throw new IllegalArgumentException(
          "%d of %d indices are outside the %d groups"
              .formatted(indices.size() - sorted, indices.size(), op.groups()));
    }
    return List.of(order, offsets, counts);
  }

  /** Group of each sorted row. */
  static int[] groups(Tensor offsets, int rows) {
    int[] groups = new int[rows];
    int group = 0;
    for (int row = 0; row < rows; row++) {
      while (offsets.intAt(group + 1) <= row) {
        group++;
      }
      groups[row] = group;
    }
    return groups;
  }
}
