package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;

/** {@link Activate} and its gradients. */
final class ActivateReference {
  private ActivateReference() {}

  static List<Tensor> forward(Activate op, List<Tensor> operands) {
    Tensor x = operands.getFirst();
    Tensor y = Tensor.zeros(x.shape());
    for (int i = 0; i < y.size(); i++) {
      double sum = op.biased() ? x.at(i) + operands.get(1).at(i % x.columns()) : x.at(i);
      y.set(i, activate(op.activation(), sum));
    }
    return List.of(dropped(y, op.site(), op.rate(), operands));
  }

  private static double activate(Activation activation, double x) {
    return switch (activation) {
      case IDENTITY -> x;
      case RELU -> Math.max(x, 0);
      case GELU -> x * NormalReference.distribution(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case EXP -> Math.exp(x);
      case SQRT -> Math.sqrt(x);
    };
  }

  private static Tensor dropped(Tensor x, int site, float rate, List<Tensor> operands) {
    if (rate == 0) {
      return x;
    }
    Mask mask = Mask.inverted(operands.getLast(), site, rate);
    Tensor y = Tensor.zeros(x.shape());
    for (int i = 0; i < y.size(); i++) {
      y.set(i, mask.apply(i, x.at(i)));
    }
    return y;
  }

  static List<Tensor> gradient(Activate.Gradient op, List<Tensor> operands) {
    Tensor dy = operands.get(0);
    Tensor y = operands.get(1);
    Tensor dx = Tensor.zeros(y.shape());
    for (int i = 0; i < dx.size(); i++) {
      dx.set(i, dy.at(i) * slope(op, y.at(i)));
    }
    return List.of(dx);
  }

  private static double slope(Activate.Gradient op, double y) {
    return switch (op.activation()) {
      case RELU -> y > 0 ? 1 / (1 - (double) op.rate()) : 0;
      case SIGMOID -> y * (1 - y);
      case SOFTPLUS -> -Math.expm1(-y);
      case EXP -> y;
      case SQRT -> y > 0 ? 1 / (2 * y) : 0;
      case IDENTITY, GELU -> throw new IllegalArgumentException(op + " is not from its result");
    };
  }

  static List<Tensor> geluGradient(Activate.GeluGradient op, List<Tensor> operands) {
    Tensor dy = dropped(operands.get(0), op.site(), op.rate(), operands);
    Tensor x = operands.get(1);
    Tensor dx = Tensor.zeros(x.shape());
    for (int i = 0; i < dx.size(); i++) {
      double z = op.biased() ? x.at(i) + operands.get(2).at(i % x.columns()) : x.at(i);
      double slope = NormalReference.distribution(z) + z * NormalReference.density(z);
      dx.set(i, dy.at(i) * slope);
    }
    return List.of(dx);
  }
}
