package org.sigmoe.nn.graph.op;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * The k pairs of sub-keys with the largest sums of scores (Lample et al. 2019), found exactly
 * without a table of all sums: a pair among the best k has both its halves among the best k of
 * their own, so that only those are paired.
 *
 * <p>a [.., A], b [.., B]; results: scores [.., k], the sums a[i] + b[j], descending; indices
 * i32[.., k], i * B + j. Of equal scores the one with the lower index comes first, NaN ranks
 * lowest, in each half as among the sums: an index is never out of range.
 *
 * @param k how many pairs are chosen
 */
public record ProductKeyTopK(int k) implements Op {

  /**
   * What was chosen.
   *
   * @param scores [.., k]
   * @param indices i32[.., k]
   */
  public record Chosen(Value scores, Value indices) {}

  /** At least one pair. */
  public ProductKeyTopK {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got " + k);
    }
  }

  /** The best {@code k} pairs of each row. */
  public static Chosen of(Value a, Value b, int k) {
    Node node = a.graph().apply(new ProductKeyTopK(k), a, b);
    return new Chosen(node.result(0), node.result(1));
  }

  /** How many of {@code keys} sub-keys of one half can be part of a chosen pair. */
  public int candidates(int keys) {
    return Math.min(k, keys);
  }

  @Override
  public List<String> operandNames() {
    return List.of("a", "b");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape a = operands.requireAtLeast(0, DType.F32, 1);
    Shape b = operands.requireAtLeast(1, DType.F32, 1);
    operands.check(
        a.withColumns(1).equals(b.withColumns(1)), "a and b may differ in the last dimension only");
    long pairs = (long) a.columns() * b.columns();
    operands.check(
        pairs <= Integer.MAX_VALUE, pairs + " pairs are more than an index can tell apart");
    operands.check(k <= pairs, "%d of %d pairs cannot be chosen".formatted(k, pairs));
    Shape chosen = a.withColumns(k);
    return List.of(new TensorType(DType.F32, chosen), new TensorType(DType.I32, chosen));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    int a = node.operand(0).shape().columns();
    int b = node.operand(1).shape().columns();
    Value dscores = Objects.requireNonNull(results.get(0), "integers have no gradient");
    Node gradient = dscores.graph().apply(new Gradient(a, b), dscores, node.result(1));
    return Arrays.asList(gradient.result(0), gradient.result(1));
  }

  @Override
  public Cost cost(Node node) {
    // Each score is compared at least once, and so is each sum of candidates.
    Shape a = node.operand(0).shape();
    Shape b = node.operand(1).shape();
    long sums = (long) candidates(a.columns()) * candidates(b.columns());
    return Cost.streaming(node, a.rows() * (a.columns() + b.columns() + 2 * sums));
  }

  /**
   * da[i] is the sum of dscores over the chosen pairs whose first half is i, db[j] over those whose
   * second is j, in the order in which they were chosen; 0 for a sub-key of no chosen pair.
   *
   * @param keysA A
   * @param keysB B
   */
  public record Gradient(int keysA, int keysB) implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dscores", "indices");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape chosen = operands.requireAtLeast(0, DType.F32, 1);
      operands.requireShape(1, DType.I32, chosen);
      return List.of(
          new TensorType(DType.F32, chosen.withColumns(keysA)),
          new TensorType(DType.F32, chosen.withColumns(keysB)));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 2 * node.operand(0).shape().elements());
    }
  }
}
