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
 * Scores of all pairs of sub-keys, summed over heads: y[.., i * B + j] = sum over h of (a[.., h, i]
 * + b[.., h, j]). a [.., H, A], b [.., H, B], result [.., A*B].
 */
public record ProductKeyTable() implements Op {

  /**
   * Sizes of a table.
   *
   * @param rows N, all dimensions but the last two
   * @param heads H
   * @param keysA A
   * @param keysB B
   */
  public record Sizes(int rows, int heads, int keysA, int keysB) {}

  /** The scores of all pairs. */
  public static Value of(Value a, Value b) {
    return a.graph().apply(new ProductKeyTable(), a, b).result(0);
  }

  /** Sizes of an application of this op. */
  public static Sizes sizes(Node node) {
    return sizes(node.operand(0).shape(), node.operand(1).shape());
  }

  /** Sizes of an application of {@link Gradient}. */
  public static Sizes gradientSizes(Node node) {
    return sizes(node.result(0).shape(), node.result(1).shape());
  }

  private static Sizes sizes(Shape a, Shape b) {
    int heads = a.size(-2);
    return new Sizes(a.rows() / heads, heads, a.columns(), b.columns());
  }

  @Override
  public List<String> operandNames() {
    return List.of("a", "b");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape a = operands.requireAtLeast(0, DType.F32, 3);
    Shape b = operands.requireAtLeast(1, DType.F32, 3);
    operands.check(
        a.withColumns(1).equals(b.withColumns(1)), "a and b may differ in the last dimension only");
    int pairs = Math.multiplyExact(a.columns(), b.columns());
    return List.of(new TensorType(DType.F32, a.withTrailing(2, pairs)));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Sizes sizes = sizes(node);
    Value dy = Op.sole(node, results);
    Op gradient = new Gradient(sizes.heads(), sizes.keysA(), sizes.keysB());
    Node applied = dy.graph().apply(gradient, dy);
    return Arrays.asList(applied.result(0), applied.result(1));
  }

  @Override
  public Cost cost(Node node) {
    long scores = node.operand(0).shape().elements() + node.operand(1).shape().elements();
    return Cost.streaming(node, scores + node.result(0).shape().elements());
  }

  /**
   * The same for every head: da[h, i] = sum over j of dy[i * B + j], db[h, j] = sum over i of dy[i
   * * B + j].
   *
   * @param heads H
   * @param keysA A
   * @param keysB B
   */
  public record Gradient(int heads, int keysA, int keysB) implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dy");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape dy = operands.requireAtLeast(0, DType.F32, 2);
      operands.check(
          dy.columns() == (long) keysA * keysB,
          "dy must have %d * %d columns".formatted(keysA, keysB));
      return List.of(
          new TensorType(DType.F32, dy.withTrailing(1, heads, keysA)),
          new TensorType(DType.F32, dy.withTrailing(1, heads, keysB)));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 2 * node.operand(0).shape().elements());
    }
  }
}
