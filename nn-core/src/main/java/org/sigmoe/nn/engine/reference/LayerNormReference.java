package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.LayerNorm;

/** {@link LayerNorm} and its gradient. */
final class LayerNormReference {
  private LayerNormReference() {}

  static List<Tensor> forward(LayerNorm op, List<Tensor> operands) {
    Tensor x = operands.get(0);
    Tensor gain = operands.get(1);
    Tensor bias = operands.get(2);
    Tensor y = Tensor.zeros(x.shape());
    Tensor mean = Tensor.zeros(x.shape().withoutColumns());
    Tensor rstd = Tensor.zeros(x.shape().withoutColumns());
    for (int row = 0; row < x.rows(); row++) {
      double sum = 0;
      for (int column = 0; column < x.columns(); column++) {
        sum += x.at(row, column);
      }
      mean.set(row, sum / x.columns());
      double squares = 0;
      for (int column = 0; column < x.columns(); column++) {
        double centred = x.at(row, column) - mean.at(row);
        squares += centred * centred;
      }
      rstd.set(row, 1 / Math.sqrt(squares / x.columns() + op.epsilon()));
      for (int column = 0; column < x.columns(); column++) {
        double normal = (x.at(row, column) - mean.at(row)) * rstd.at(row);
        y.set(row, column, gain.at(column) * normal + bias.at(column));
      }
    }
    return List.of(y, mean, rstd);
  }

  static List<Tensor> gradient(List<Tensor> operands) {
    Tensor dy = operands.get(0);
    Tensor x = operands.get(1);
    Tensor gain = operands.get(2);
    Tensor mean = operands.get(3);
    Tensor rstd = operands.get(4);
    Tensor dx = Tensor.zeros(x.shape());
    Tensor dgain = Tensor.zeros(gain.shape());
    Tensor dbias = Tensor.zeros(gain.shape());
    for (int row = 0; row < x.rows(); row++) {
      double meanG = 0;
      double meanGh = 0;
      for (int column = 0; column < x.columns(); column++) {
        double h = (x.at(row, column) - mean.at(row)) * rstd.at(row);
        double g = dy.at(row, column) * gain.at(column);
        meanG += g / x.columns();
        meanGh += g * h / x.columns();
        dgain.add(column, dy.at(row, column) * h);
        dbias.add(column, dy.at(row, column));
      }
      for (int column = 0; column < x.columns(); column++) {
        double h = (x.at(row, column) - mean.at(row)) * rstd.at(row);
        double g = dy.at(row, column) * gain.at(column);
        dx.set(row, column, rstd.at(row) * (g - meanG - h * meanGh));
      }
    }
    return List.of(dx, dgain, dbias);
  }
}
