package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.GroupSumRows;

/** {@link GroupSumRows}. */
final class GroupSumRowsReference {
  private GroupSumRowsReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor x = operands.get(0);
    Tensor offsets = operands.get(1);
    Tensor sums = Tensor.zeros(Shape.of(offsets.size() - 1, x.columns()));
    int[] groups = RouteReference.groups(offsets, x.rows());
    for (int row = 0; row < x.rows(); row++) {
      for (int column = 0; column < x.columns(); column++) {
        sums.add(groups[row], column, x.at(row, column));
      }
    }
    return List.of(sums);
  }
}
