package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.TensorType;

/** An op, operands of these types, and what the message must say beside them. */
record Misfit(Op op, String why, List<TensorType> types) {

  static Misfit misfit(Op op, String why, TensorType... types) {
    return new Misfit(op, why, List.of(types));
  }

  static TensorType f(int... sizes) {
    return TensorType.f32(sizes);
  }

  static TensorType i(int... sizes) {
    return TensorType.i32(sizes);
  }

  @Override
  public String toString() {
    return op.name() + types + ": " + why;
  }
}
