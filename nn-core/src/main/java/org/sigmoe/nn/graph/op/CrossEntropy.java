package org.sigmoe.nn.graph.op;

import java.util.Arrays;
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
 * Negative log-likelihood of target classes under a softmax, in nats: nll = logsumexp(logits) -
 * logits[target] for each row. logits [.., V], targets i32[..]; results: nll [..], lse [..], the
 * log-sum-exp kept for the gradient.
 */
public record CrossEntropy() implements Op {

  /** nll alone. */
  public static Value of(Value logits, Value targets) {
    return logits.graph().apply(new CrossEntropy(), logits, targets).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("logits", "targets");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape logits = operands.requireAtLeast(0, DType.F32, 2);
    operands.requireShape(1, DType.I32, logits.withoutColumns());
    TensorType perRow = new TensorType(DType.F32, logits.withoutColumns());
    return List.of(perRow, perRow);
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dnll = Op.sole(node, results);
    Value dlogits =
        dnll.graph()
            .apply(new Gradient(), node.operand(0), node.operand(1), node.result(1), dnll)
            .result(0);
    return Arrays.asList(dlogits, null);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 4 * node.operand(0).shape().elements());
  }

  /** dlogits = (softmax(logits) - onehot(target)) * dnll, each row by its own factor. */
  public record Gradient() implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("logits", "targets", "lse", "dnll");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape logits = operands.requireAtLeast(0, DType.F32, 2);
      operands.requireShape(1, DType.I32, logits.withoutColumns());
      operands.requireShape(2, logits.withoutColumns());
      operands.requireShape(3, logits.withoutColumns());
      return List.of(new TensorType(DType.F32, logits));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 4 * node.operand(0).shape().elements());
    }

    @Override
    public Set<Integer> inPlace() {
      return Set.of(0);
    }
  }
}
