package org.sigmoe.nn.graph.op;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Logarithm of the mean softmax of all rows: with q[t] = softmax(logits[t]) and N rows, logp[j] =
 * log(1/N * sum over t of q[t,j]) = logsumexp over t of (log q[t,j]) - log N. logits [.., E];
 * results: logp [E], lse [..], the log-sum-exp of each row kept for the gradient. In the domain of
 * logarithms throughout: logp is finite where p is below the least float. The entropy regulariser
 * of sigma-MoE (arXiv 2310.10837, equations 20 and 21) is {@link NegativeEntropy} of it.
 */
public record LogMeanSoftmax() implements Op {

  /** logp alone. */
  public static Value of(Value logits) {
    return logits.graph().apply(new LogMeanSoftmax(), logits).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("logits");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape logits = operands.requireAtLeast(0, DType.F32, 1);
    return List.of(
        TensorType.f32(logits.columns()), new TensorType(DType.F32, logits.withoutColumns()));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dlogp = Op.sole(node, results);
    return List.of(
        dlogp
            .graph()
            .apply(new Gradient(), dlogp, node.operand(0), node.result(1), node.result(0))
            .result(0));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 8 * node.operand(0).shape().elements());
  }

  /**
   * With log q[t,j] = logits[t,j] - lse[t] and r[t,j] = dlogp[j] * exp(log q[t,j] - logp[j]):
   * dlogits[t,j] = (r[t,j] - q[t,j] * sum over m of r[t,m]) / N. The exponential is at most N,
   * however small p is.
   */
  public record Gradient() implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dlogp", "logits", "lse", "logp");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape logits = operands.requireAtLeast(1, DType.F32, 1);
      operands.requireShape(0, Shape.of(logits.columns()));
      operands.requireShape(2, logits.withoutColumns());
      operands.requireShape(3, Shape.of(logits.columns()));
      return List.of(new TensorType(DType.F32, logits));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 9 * node.result(0).shape().elements());
    }

    @Override
    public Set<Integer> inPlace() {
      return Set.of(1);
    }
  }
}
