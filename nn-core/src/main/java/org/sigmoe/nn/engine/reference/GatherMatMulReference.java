package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.Transpose;

/** {@link GatherMatMul}. */
final class GatherMatMulReference {
  private GatherMatMulReference() {}

  static List<Tensor> forward(GatherMatMul op, List<Tensor> operands) {
    Tensor x = operands.get(0);
    Tensor m = operands.get(1);
    Tensor order = operands.get(2);
    boolean asItLies = op.transpose() == Transpose.NO;
    Tensor y = Tensor.zeros(Shape.of(order.size(), m.shape().size(asItLies ? 2 : 1)));
    int[] groups = RouteReference.groups(operands.get(3), y.rows());
    for (int s = 0; s < y.rows(); s++) {
      int source = order.intAt(s) / op.slots();
      for (int j = 0; j < y.columns(); j++) {
        double sum = 0;
        for (int k = 0; k < x.columns(); k++) {
          sum += x.at(source, k) * (asItLies ? m.at(groups[s], k, j) : m.at(groups[s], j, k));
        }
        y.set(s, j, sum);
      }
    }
    return List.of(y);
  }
}
