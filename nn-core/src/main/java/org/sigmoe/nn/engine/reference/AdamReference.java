package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.Adam;

/** {@link Adam}. */
final class AdamReference {
  private AdamReference() {}

  static List<Tensor> update(Adam op, List<Tensor> operands) {
    Tensor parameter = operands.get(0);
    Tensor mean = operands.get(1);
    Tensor meanSquare = operands.get(2);
    Tensor gradient = operands.get(3);
    double factor = operands.get(4).at(0);
    double stepSize = operands.get(5).at(0);
    double correction = operands.get(5).at(1);
    double decay = operands.get(5).at(2);
    double beta1 = op.beta1();
    double beta2 = op.beta2();
    for (int i = 0; i < parameter.size(); i++) {
      double g = gradient.at(i) * factor;
      mean.set(i, beta1 * mean.at(i) + (1 - beta1) * g);
      meanSquare.set(i, beta2 * meanSquare.at(i) + (1 - beta2) * g * g);
      double step = mean.at(i) / (Math.sqrt(meanSquare.at(i)) / correction + op.epsilon());
      parameter.set(i, parameter.at(i) * decay - stepSize * step);
    }
    return List.of();
  }
}
