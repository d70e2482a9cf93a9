package org.sigmoe.nn.engine.reference;

import java.util.Arrays;
import java.util.List;
import org.sigmoe.nn.graph.op.Fractions;

/** {@link Fractions}. */
final class FractionsReference {
  private FractionsReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor counts = operands.get(0);
    double sum = Arrays.stream(counts.elements()).sum();
    Tensor fractions = Tensor.zeros(counts.shape());
    for (int group = 0; group < counts.size(); group++) {
      fractions.set(group, counts.at(group) / sum);
    }
    return List.of(fractions);
  }
}
