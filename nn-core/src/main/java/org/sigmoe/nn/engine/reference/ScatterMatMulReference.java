package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;

/** {@link ScatterMatMul} and its {@link ScatterMatMul.WeightGradient}. */
final class ScatterMatMulReference {
  private ScatterMatMulReference() {}

  static List<Tensor> forward(ScatterMatMul op, List<Tensor> operands) {
    Tensor a = operands.get(0);
    Tensor m = operands.get(1);
    Tensor order = operands.get(2);
    boolean asItLies = op.transpose() == Transpose.NO;
    Tensor y = Tensor.zeros(op.result());
    int[] groups = RouteReference.groups(operands.get(3), a.rows());
    for (int s = 0; s < a.rows(); s++) {
      int slot = order.intAt(s);
      double weight = op.weighted() ? operands.get(4).at(slot) : 1;
      for (int j = 0; j < y.columns(); j++) {
        double sum = 0;
        for (int k = 0; k < a.columns(); k++) {
          sum += a.at(s, k) * (asItLies ? m.at(groups[s], k, j) : m.at(groups[s], j, k));
        }
        y.add(slot / op.slots(), j, weight * sum);
      }
    }
    return List.of(y);
  }

  static List<Tensor> weightGradient(List<Tensor> operands) {
    Tensor u = operands.get(0);
    Tensor a = operands.get(1);
    Tensor weights = operands.get(2);
    Tensor order = operands.get(3);
    Tensor da = Tensor.zeros(a.shape());
    Tensor dweights = Tensor.zeros(weights.shape());
    for (int s = 0; s < a.rows(); s++) {
      int slot = order.intAt(s);
      for (int j = 0; j < a.columns(); j++) {
        da.set(s, j, weights.at(slot) * u.at(s, j));
        dweights.add(slot, a.at(s, j) * u.at(s, j));
      }
    }
    return List.of(da, dweights);
  }
}
