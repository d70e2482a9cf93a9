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
 * Products of the two halves of queries with sub-keys (Lample et al. 2019, Large Memory Layers with
 * Product Keys): a[.., h, i] = first half of query h . keysA[h, i], b[.., h, j] = second half of
 * query h . keysB[h, j]. The score of the pair (i, j) is the sum of both.
 *
 * <p>query [.., Q*2*P], for each of Q queries its first half of P elements and its second; keysA
 * [H, A, P], keysB [H, B, P]. Q is H, or 1 if all heads share one query. Results: a [.., H, A], b
 * [.., H, B]. An engine may round the operands to bf16 where its precision says so; sums are f32.
 */
public record ProductKeyScores() implements Op {

  /**
   * Scores of the sub-keys.
   *
   * @param a [.., H, A]
   * @param b [.., H, B]
   */
  public record Halves(Value a, Value b) {}

  /**
   * Sizes of a lookup.
   *
   * @param rows N, all dimensions of the query but the last
   * @param queries Q
   * @param heads H
   * @param keysA A
   * @param keysB B
   * @param half P, the length of half a query
   */
  public record Sizes(int rows, int queries, int heads, int keysA, int keysB, int half) {
    /** Columns of the query. */
    public int width() {
      return queries * 2 * half;
    }

    /** Where in a row of queries the first half for {@code head} begins. */
    public int queryOffset(int head) {
      return queries == 1 ? 0 : head * 2 * half;
    }

    /** Multiply-adds of the forward pass. */
    long products() {
      return (long) rows * heads * (keysA + keysB) * half;
    }
  }

  /** Both scores. */
  public static Halves of(Value query, Value keysA, Value keysB) {
    Node node = query.graph().apply(new ProductKeyScores(), query, keysA, keysB);
    return new Halves(node.result(0), node.result(1));
  }

  /** Sizes of an application of this op or of its gradient, whose operands begin alike. */
  public static Sizes sizes(Node node) {
    return sizes(node.operand(0).shape(), node.operand(1).shape(), node.operand(2).shape());
  }

  private static Sizes sizes(Shape query, Shape keysA, Shape keysB) {
    int half = keysA.columns();
    return new Sizes(
        query.rows(),
        query.columns() / (2 * half),
        keysA.size(0),
        keysA.size(1),
        keysB.size(1),
        half);
  }

  @Override
  public List<String> operandNames() {
    return List.of("query", "keysA", "keysB");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape query = require(operands);
    return List.of(
        new TensorType(DType.F32, scores(query, operands.shape(1))),
        new TensorType(DType.F32, scores(query, operands.shape(2))));
  }

  private static Shape require(Operands operands) {
    Shape query = operands.requireAtLeast(0, DType.F32, 1);
    Shape keysA = operands.require(1, DType.F32, 3);
    Shape keysB = operands.require(2, DType.F32, 3);
    int heads = keysA.size(0);
    int half = keysA.columns();
    operands.check(
        keysB.size(0) == heads && keysB.columns() == half,
        "keysA and keysB may differ in the second dimension only");
    operands.check(
        query.columns() == 2 * half || query.columns() == heads * 2 * half,
        "query must have 2 * %d columns, or as many for each of %d heads".formatted(half, heads));
    return query;
  }

  private static Shape scores(Shape query, Shape keys) {
    return query.withTrailing(1, keys.size(0), keys.size(1));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Node gradient =
        node.result(0)
            .graph()
            .apply(
                new Gradient(),
                node.operand(0),
                node.operand(1),
                node.operand(2),
                orZeros(results.get(0), node.result(0)),
                orZeros(results.get(1), node.result(1)));
    return Arrays.asList(gradient.result(0), gradient.result(1), gradient.result(2));
  }

  private static Value orZeros(@Nullable Value gradient, Value result) {
    if (gradient != null) {
      return gradient;
    }
    int count = Math.toIntExact(result.shape().elements());
    return result.graph().constant("zeros", result.shape(), () -> new float[count]);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 2 * sizes(node).products());
  }

  /**
   * Gradients of all operands: of a half query da[h] keysA[h] (summed over the heads, in their
   * order, if they share one query), of keysA[h] the sum over rows of da[h]^T with the half query;
   * and the same for b.
   */
  public record Gradient() implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("query", "keysA", "keysB", "da", "db");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape query = require(operands);
      operands.requireShape(3, scores(query, operands.shape(1)));
      operands.requireShape(4, scores(query, operands.shape(2)));
      return List.of(
          new TensorType(DType.F32, query),
          new TensorType(DType.F32, operands.shape(1)),
          new TensorType(DType.F32, operands.shape(2)));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 4 * sizes(node).products());
    }
  }
}
