package org.sigmoe.nn.engine.reference;

import java.util.Arrays;
import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.LogMeanSoftmax;

/** {@link LogMeanSoftmax} and its gradient. */
final class LogMeanSoftmaxReference {
  private LogMeanSoftmaxReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor logits = operands.getFirst();
    Tensor lse = LogSumExpReference.forward(operands).getFirst();
    Tensor logp = Tensor.zeros(Shape.of(logits.columns()));
    for (int column = 0; column < logits.columns(); column++) {
      int expert = column;
      double sum =
          LogSumExpReference.of(logits.rows(), row -> logits.at(row, expert) - lse.at(row));
      logp.set(expert, sum - Math.log(logits.rows()));
    }
    return List.of(logp, lse);
  }

  static List<Tensor> gradient(List<Tensor> operands) {
    Tensor dlogp = operands.get(0);
    Tensor logits = operands.get(1);
    Tensor lse = operands.get(2);
    Tensor logp = operands.get(3);
    Tensor dlogits = Tensor.zeros(logits.shape());
    for (int row = 0; row < logits.rows(); row++) {
      double[] r = new double[logits.columns()];
      for (int j = 0; j < r.length; j++) {
        r[j] = dlogp.at(j) * Math.exp(logits.at(row, j) - lse.at(row) - logp.at(j));
      }
      double sum = Arrays.stream(r).sum();
      for (int j = 0; j < r.length; j++) {
        double q = Math.exp(logits.at(row, j) - lse.at(row));
        dlogits.set(row, j, (r[j] - q * sum) / logits.rows());
      }
    }
    return List.of(dlogits);
  }
}
