package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.Shape;

/** {@link org.sigmoe.nn.graph.op.ShiftMemory}. */
final class ShiftMemoryReference {
  private ShiftMemoryReference() {}

  static List<Tensor> update(List<Tensor> operands) {
    Tensor memory = operands.getFirst();
    Tensor joined = ConcatReference.forward(operands).getFirst();
    Shape shape = memory.shape();
    int dropped = joined.shape().size(1) - shape.size(1);
    for (int batch = 0; batch < shape.size(0); batch++) {
      for (int row = 0; row < shape.size(1); row++) {
        for (int column = 0; column < shape.size(2); column++) {
          memory.set(batch, row, column, joined.at(batch, row + dropped, column));
        }
      }
    }
    return List.of();
  }
}
