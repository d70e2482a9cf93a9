package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.ProductKeyScores;

/** {@link ProductKeyScores} and its gradient. */
final class ProductKeyScoresReference {
  private ProductKeyScoresReference() {}

  /** One of the two halves: which elements of a query belong to it, and its sub-keys. */
  private record Half(Tensor query, Tensor keys, int offset) {

    /** Column of a query's element {@code p} of this half. */
    private int column(int head, int p) {
      int width = 2 * keys.columns();
      int first = query.columns() == width ? 0 : head * width;
      return first + offset + p;
    }

    private int heads() {
      return keys.shape().size(0);
    }

    private int count() {
      return keys.shape().size(1);
    }

    Tensor scores() {
      Tensor scores = Tensor.zeros(query.shape().withTrailing(1, heads(), count()));
      for (int row = 0; row < query.rows(); row++) {
        for (int head = 0; head < heads(); head++) {
          for (int key = 0; key < count(); key++) {
            double sum = 0;
            for (int p = 0; p < keys.columns(); p++) {
              sum += query.at(row, column(head, p)) * keys.at(head, key, p);
            }
            scores.set(row * heads() + head, key, sum);
          }
        }
      }
      return scores;
    }

    void addGradients(Tensor dscores, Tensor dquery, Tensor dkeys) {
      for (int row = 0; row < query.rows(); row++) {
        for (int head = 0; head < heads(); head++) {
          for (int key = 0; key < count(); key++) {
            double ds = dscores.at(row * heads() + head, key);
            for (int p = 0; p < keys.columns(); p++) {
              int column = column(head, p);
              dquery.add(row, column, ds * keys.at(head, key, p));
              dkeys.add(head, key, p, ds * query.at(row, column));
            }
          }
        }
      }
    }
  }

  private static Half first(List<Tensor> operands) {
    return new Half(operands.get(0), operands.get(1), 0);
  }

  private static Half second(List<Tensor> operands) {
    Tensor keys = operands.get(2);
    return new Half(operands.get(0), keys, keys.columns());
  }

  static List<Tensor> forward(List<Tensor> operands) {
    return List.of(first(operands).scores(), second(operands).scores());
  }

  static List<Tensor> gradient(List<Tensor> operands) {
    Tensor dquery = Tensor.zeros(operands.get(0).shape());
    Tensor dkeysA = Tensor.zeros(operands.get(1).shape());
    Tensor dkeysB = Tensor.zeros(operands.get(2).shape());
    first(operands).addGradients(operands.get(3), dquery, dkeysA);
    second(operands).addGradients(operands.get(4), dquery, dkeysB);
    return List.of(dquery, dkeysA, dkeysB);
  }
}
