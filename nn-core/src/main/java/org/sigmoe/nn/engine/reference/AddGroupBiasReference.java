package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.AddGroupBias;

/** {@link AddGroupBias}. */
final class AddGroupBiasReference {
  private AddGroupBiasReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor y = operands.get(0).copy();
    Tensor bias = operands.get(1);
    int[] groups = RouteReference.groups(operands.get(2), y.rows());
    for (int row = 0; row < y.rows(); row++) {
      for (int column = 0; column < y.columns(); column++) {
        y.add(row, column, bias.at(groups[row], column));
      }
    }
    return List.of(y);
  }
}
