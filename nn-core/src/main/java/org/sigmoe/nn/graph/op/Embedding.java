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
 * Rows of a table by index: table [V, D], tokens i32[B, T], result [B, T, D].
 *
 * <p>Tokens must lie in [0, V); who feeds them sees to that.
 */
public record Embedding() implements Op {

  /** The rows that {@code tokens} name. */
  public static Value of(Value table, Value tokens) {
    return table.graph().apply(new Embedding(), table, tokens).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("table", "tokens");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape table = operands.require(0, DType.F32, 2);
    Shape tokens = operands.require(1, DType.I32, 2);
    return List.of(TensorType.f32(tokens.size(0), tokens.size(1), table.columns()));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    int vocabulary = node.operand(0).shape().size(0);
    Value table = dy.graph().apply(new Gradient(vocabulary), dy, node.operand(1)).result(0);
    return Arrays.asList(table, null);
  }

  @Override
  public Cost cost(Node node) {
    long bytes = node.result(0).type().bytes();
    return new Cost(0, bytes + node.operand(1).type().bytes(), bytes);
  }

  /** dtable[v] = sum of dy over the positions whose token is v, in the order of positions. */
  public record Gradient(int vocabulary) implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dy", "tokens");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape dy = operands.require(0, DType.F32, 3);
      operands.requireShape(1, DType.I32, dy.withoutColumns());
      return List.of(TensorType.f32(vocabulary, dy.columns()));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, node.operand(0).shape().elements());
    }
  }
}
