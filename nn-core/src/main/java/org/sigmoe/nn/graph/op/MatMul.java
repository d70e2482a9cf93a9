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
 * Matrix product {@code op(a) op(b)}: operands are seen as matrices (all dimensions but the last
 * flattened into rows), result element [i, j] = sum over k of op(a)[i, k] op(b)[k, j].
 *
 * <p>The result has a's leading dimensions if a is not transposed, else rank 2. An engine may round
 * the operands to bf16 where its precision says so; sums are f32. A gradient exists for operands of
 * rank 2 and for an untransposed a of any rank.
 */
public record MatMul(Transpose transposeA, Transpose transposeB) implements Op {

  /** {@code x w^T}: the product of a linear layer. x [.., K], w [N, K], result [.., N]. */
  public static Value linear(Value x, Value w) {
    return of(x, Transpose.NO, w, Transpose.YES);
  }

  /** {@code op(a) op(b)}. */
  public static Value of(Value a, Transpose transposeA, Value b, Transpose transposeB) {
    return a.graph().apply(new MatMul(transposeA, transposeB), a, b).result(0);
  }

  /**
   * Sizes of a product.
   *
   * @param m rows of the result
   * @param n columns of the result
   * @param k length of the sums
   */
  public record Sizes(int m, int n, int k) {}

  /** Sizes of the product that {@code node}, an application of this op, computes. */
  public Sizes sizes(Node node) {
    Shape a = node.operand(0).shape();
    Shape b = node.operand(1).shape();
    return new Sizes(
        transposeA == Transpose.NO ? a.rows() : a.columns(),
        transposeB == Transpose.NO ? b.columns() : b.rows(),
        transposeA == Transpose.NO ? a.columns() : a.rows());
  }

  @Override
  public List<String> operandNames() {
    return List.of("a", "b");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape a = operands.requireAtLeast(0, DType.F32, 2);
    Shape b = operands.requireAtLeast(1, DType.F32, 2);
    int innerA = transposeA == Transpose.NO ? a.columns() : a.rows();
    int innerB = transposeB == Transpose.NO ? b.rows() : b.columns();
    operands.check(
        innerA == innerB,
        "inner sizes differ, %d of a%s and %d of b%s"
            .formatted(innerA, suffix(transposeA), innerB, suffix(transposeB)));
    int columns = transposeB == Transpose.NO ? b.columns() : b.rows();
    Shape result =
        transposeA == Transpose.NO ? a.withColumns(columns) : Shape.of(a.columns(), columns);
    return List.of(new TensorType(DType.F32, result));
  }

  private static String suffix(Transpose transpose) {
    return transpose == Transpose.YES ? " transposed" : "";
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value a = node.operand(0);
    Value b = node.operand(1);
    Value dy = Op.sole(node, results);
    // d op(a) = dy op(b)^T and d op(b) = op(a)^T dy; where an operand was used transposed, its
    // gradient is the transpose of that.
    Value da =
        transposeA == Transpose.NO
            ? of(dy, Transpose.NO, b, transposeB.flipped())
            : of(b, transposeB, dy, Transpose.YES);
    Value db =
        transposeB == Transpose.NO
            ? of(a, transposeA.flipped(), dy, Transpose.NO)
            : of(dy, Transpose.YES, a, transposeA);
    return Arrays.asList(da, db);
  }

  @Override
  public Cost cost(Node node) {
    Sizes sizes = sizes(node);
    return Cost.streaming(node, 2L * sizes.m() * sizes.n() * sizes.k());
  }
}
