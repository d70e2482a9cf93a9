package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Where the k largest elements of each row are: scores [.., C], result i32[.., k], by descending
 * score. Of equal scores that of the lower index comes first. NaN ranks below everything else, -inf
 * included, so that the k indices of a row are distinct and in range whatever the scores are. There
 * is no gradient: {@link GatherColumns} reads differentiable scores at the indices.
 *
 * @param k how many; at least 1 and at most C
 */
public record TopK(int k) implements Op {

  /** Checks k. */
  public TopK {
    if (k < 1) {
      throw new IllegalArgumentException("TopK selects at least 1 element of a row, got " + k);
    }
  }

  /** The indices of the k largest scores of each row. */
  public static Value of(Value scores, int k) {
    return scores.graph().apply(new TopK(k), scores).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("scores");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape scores = operands.requireAtLeast(0, DType.F32, 1);
    operands.check(
        k <= scores.columns(), "selects " + k + " of the " + scores.columns() + " scores of a row");
    return List.of(new TensorType(DType.I32, scores.withColumns(k)));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, node.operand(0).shape().elements());
  }
}
