package org.sigmoe.nn.graph.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Elements of each row chosen by index: x [.., C], indices i32[.., K] in [0, C), result [.., K].
 * The gradient is {@link ScatterColumns}, for which the indices of a row must be distinct.
 */
public record GatherColumns() implements Op {

  /** x at the indices, row by row. */
  public static Value of(Value x, Value indices) {
    return x.graph().apply(new GatherColumns(), x, indices).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x", "indices");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape x = operands.requireAtLeast(0, DType.F32, 1);
    Shape indices = operands.requireAtLeast(1, DType.I32, 1);
    operands.requireShape(1, DType.I32, x.withColumns(indices.columns()));
    return List.of(new TensorType(DType.F32, indices));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    int columns = node.operand(0).shape().columns();
    return Arrays.asList(ScatterColumns.of(dy, node.operand(1), columns), null);
  }

  @Override
  public Cost cost(Node node) {
    long selected = node.result(0).type().bytes();
    return new Cost(0, selected + node.operand(1).type().bytes(), selected);
  }
}
