package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Balances rows of scores over columns (Sinkhorn, 1964): logits x [.., E], result of the same shape
 * = a[j] + b[i] + x[i,j], the logarithms of the balanced scores. All rows are cut into {@code
 * groups} equal consecutive parts, each balanced apart. For a part of A rows, a = 0 at first, then
 * in each iteration
 *
 * <pre>
 *   b[i] = log A - logsumexp over j of (x[i,j] + a[j])
 *   a[j] = log E - logsumexp over i of (x[i,j] + b[i])
 * </pre>
 *
 * <p>so that in the end the exponentials of every column sum to the same number, E. There is no
 * gradient: the result serves to select, and {@link TopK} has none either.
 *
 * @param iterations at least 1
 * @param groups parts that are balanced apart; they divide the number of rows
 * @param form signs of the iteration
 */
public record Sinkhorn(int iterations, int groups, Form form) implements Op {

  /** Signs of the iteration. */
  public enum Form {
    /** As above. */
    CORRECT,
    /**
     * As in the code published with arXiv 2310.10837, which has x - a and x - b in place of x + a
     * and x + b, and does not balance sharp scores. To reproduce its results only.
     */
    PAPER_CODE
  }

  /** Checks the numbers. */
  public Sinkhorn {
    if (iterations < 1 || groups < 1) {
      throw new IllegalArgumentException(
          "Sinkhorn needs at least 1 iteration and 1 group, got %d and %d"
              .formatted(iterations, groups));
    }
  }

  /** Logarithms of the balanced scores. */
  public static Value of(Value logits, int iterations, int groups, Form form) {
    return logits.graph().apply(new Sinkhorn(iterations, groups, form), logits).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("logits");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape logits = operands.requireAtLeast(0, DType.F32, 1);
    operands.check(
        logits.rows() % groups == 0,
        "cannot cut " + logits.rows() + " rows into " + groups + " equal groups");
    return List.of(new TensorType(DType.F32, logits));
  }

  @Override
  public Cost cost(Node node) {
    long perElement = 8L * iterations + 2;
    return Cost.streaming(node, perElement * node.result(0).shape().elements());
  }
}
