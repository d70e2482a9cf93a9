package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.WeightedGather;

/** {@link WeightedGather} and its gradients. */
final class WeightedGatherReference {
  private WeightedGatherReference() {}

  static List<Tensor> forward(WeightedGather op, List<Tensor> operands) {
    Tensor values = operands.get(0);
    Tensor indices = operands.get(1);
    Tensor weights = operands.get(2);
    int slots = op.slots(indices.shape());
    Tensor y = Tensor.zeros(indices.shape().withTrailing(op.trailing(), values.columns()));
    for (int position = 0; position < indices.size(); position++) {
      for (int column = 0; column < values.columns(); column++) {
        double value = values.at(indices.intAt(position), column);
        y.add(position / slots, column, weights.at(position) * value);
      }
    }
    return List.of(y);
  }

  static List<Tensor> weightGradient(List<Tensor> operands) {
    Tensor dy = operands.get(0);
    Tensor values = operands.get(1);
    Tensor indices = operands.get(2);
    int slots = indices.size() / dy.rows();
    Tensor dweights = Tensor.zeros(indices.shape());
    for (int position = 0; position < indices.size(); position++) {
      for (int column = 0; column < values.columns(); column++) {
        double value = values.at(indices.intAt(position), column);
        dweights.add(position, dy.at(position / slots, column) * value);
      }
    }
    return List.of(dweights);
  }

  static List<Tensor> valueGradient(WeightedGather.ValueGradient op, List<Tensor> operands) {
    Tensor dy = operands.get(0);
    Tensor weights = operands.get(1);
    Tensor order = operands.get(2);
    Tensor offsets = operands.get(3);
    Tensor dvalues = Tensor.zeros(Shape.of(offsets.size() - 1, dy.columns()));
    for (int value = 0; value < dvalues.rows(); value++) {
      for (int s = offsets.intAt(value); s < offsets.intAt(value + 1); s++) {
        int position = order.intAt(s);
        int row = position / op.slots();
        for (int column = 0; column < dy.columns(); column++) {
          dvalues.add(value, column, weights.at(position) * dy.at(row, column));
        }
      }
    }
    return List.of(dvalues);
  }
}
