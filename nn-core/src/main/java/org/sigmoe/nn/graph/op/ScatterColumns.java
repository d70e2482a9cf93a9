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
 * Elements of each row put where indices say, 0 elsewhere: x [.., K], indices i32[.., K] in [0, C),
 * distinct in a row, result [.., C]. The gradient is {@link GatherColumns}.
 *
 * @param columns C
 */
public record ScatterColumns(int columns) implements Op {

  /** Rows of {@code columns} elements that hold x at the indices. */
  public static Value of(Value x, Value indices, int columns) {
    return x.graph().apply(new ScatterColumns(columns), x, indices).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x", "indices");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape x = operands.requireAtLeast(0, DType.F32, 1);
    operands.requireShape(1, DType.I32, x);
    operands.check(
        x.columns() <= columns,
        "scatters " + x.columns() + " elements of a row into only " + columns);
    return List.of(new TensorType(DType.F32, x.withColumns(columns)));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    return Arrays.asList(GatherColumns.of(dy, node.operand(1)), null);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 0);
  }
}
