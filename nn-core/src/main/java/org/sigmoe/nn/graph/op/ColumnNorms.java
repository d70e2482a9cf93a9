package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Euclidean norm of each column: x [R, C], result [C]. It has no gradient: norms rank, they are not
 * computed with.
 */
public record ColumnNorms() implements Op {

  /** The norms of x's columns. */
  public static Value of(Value x) {
    return x.graph().apply(new ColumnNorms(), x).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape x = operands.require(0, DType.F32, 2);
    return List.of(TensorType.f32(x.columns()));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 2 * node.operand(0).shape().elements());
  }
}
