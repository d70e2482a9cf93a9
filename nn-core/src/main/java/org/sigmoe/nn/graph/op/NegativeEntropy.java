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
 * Negative entropy of a distribution given by logarithms, in nats: logp [E], result [1] = sum over
 * e of p[e] * log p[e], where an expert of log p = -inf counts as 0. At least -log E, which it is
 * when all are equal.
 */
public record NegativeEntropy() implements Op {

  /** sum of exp(logp) * logp. */
  public static Value of(Value logp) {
    return logp.graph().apply(new NegativeEntropy(), logp).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("logp");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    operands.require(0, DType.F32, 1);
    return List.of(new TensorType(DType.F32, Shape.scalar()));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    return List.of(dy.graph().apply(new Gradient(), dy, node.operand(0)).result(0));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 3 * node.operand(0).shape().elements());
  }

  /** dlogp = dy * exp(logp) * (logp + 1), 0 where logp is -inf. */
  public record Gradient() implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dy", "logp");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      operands.requireShape(0, Shape.scalar());
      return List.of(new TensorType(DType.F32, operands.require(1, DType.F32, 1)));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 4 * node.result(0).shape().elements());
    }

    @Override
    public Set<Integer> inPlace() {
      return Set.of(1);
    }
  }
}
