package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.GroupedOuterProduct.Side;

/** {@link GroupedOuterProduct}. */
final class GroupedOuterProductReference {
  private GroupedOuterProductReference() {}

  static List<Tensor> forward(GroupedOuterProduct op, List<Tensor> operands) {
    Tensor g = operands.get(0);
    Tensor z = operands.get(1);
    Tensor order = operands.get(2);
    boolean left = op.gathered() == Side.LEFT;
    Tensor dm =
        Tensor.zeros(
            left
                ? Shape.of(op.groups(), g.columns(), z.columns())
                : Shape.of(op.groups(), z.columns(), g.columns()));
    int[] groups = RouteReference.groups(operands.get(3), z.rows());
    for (int s = 0; s < z.rows(); s++) {
      int slot = order.intAt(s);
      double weight = op.weighted() ? operands.get(4).at(slot) : 1;
      for (int i = 0; i < g.columns(); i++) {
        double gathered = weight * g.at(slot / op.slots(), i);
        for (int j = 0; j < z.columns(); j++) {
          dm.add(groups[s], left ? i : j, left ? j : i, gathered * z.at(s, j));
        }
      }
    }
    return List.of(dm);
  }
}
