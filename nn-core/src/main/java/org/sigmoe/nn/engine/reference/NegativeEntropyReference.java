package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.NegativeEntropy;

/** {@link NegativeEntropy} and its gradient. */
final class NegativeEntropyReference {
  private NegativeEntropyReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor logp = operands.getFirst();
    double sum = 0;
    for (int e = 0; e < logp.size(); e++) {
      sum += isImpossible(logp.at(e)) ? 0 : Math.exp(logp.at(e)) * logp.at(e);
    }
    return List.of(Tensor.scalar(sum));
  }

  static List<Tensor> gradient(List<Tensor> operands) {
    double dy = operands.get(0).at(0);
    Tensor logp = operands.get(1);
    Tensor dlogp = Tensor.zeros(logp.shape());
    for (int e = 0; e < logp.size(); e++) {
      double slope = isImpossible(logp.at(e)) ? 0 : Math.exp(logp.at(e)) * (logp.at(e) + 1);
      dlogp.set(e, dy * slope);
    }
    return List.of(dlogp);
  }

  private static boolean isImpossible(double logp) {
    return logp == Double.NEGATIVE_INFINITY;
  }
}
