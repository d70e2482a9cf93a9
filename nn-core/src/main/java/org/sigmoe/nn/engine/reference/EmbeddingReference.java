package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.Embedding;

/** {@link Embedding} and its gradient. */
final class EmbeddingReference {
  private EmbeddingReference() {}

  static List<Tensor> forward(List<Tensor> operands) {
    Tensor table = operands.get(0);
    Tensor tokens = operands.get(1);
    Shape shape = tokens.shape();
    Tensor y = Tensor.zeros(Shape.of(shape.size(0), shape.size(1), table.columns()));
    for (int position = 0; position < tokens.size(); position++) {
      for (int column = 0; column < table.columns(); column++) {
        y.set(position, column, table.at(tokens.intAt(position), column));
      }
    }
    return List.of(y);
  }

  static List<Tensor> gradient(Embedding.Gradient op, List<Tensor> operands) {
    Tensor dy = operands.get(0);
    Tensor tokens = operands.get(1);
    Tensor dtable = Tensor.zeros(Shape.of(op.vocabulary(), dy.columns()));
    for (int position = 0; position < tokens.size(); position++) {
      for (int column = 0; column < dy.columns(); column++) {
        dtable.add(tokens.intAt(position), column, dy.at(position, column));
      }
    }
    return List.of(dtable);
  }
}
