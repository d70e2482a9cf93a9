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
 * Layer normalisation over the last dimension (Ba et al. 2016, as in PyTorch): y = gain * (x -
 * mean) / sqrt(variance + epsilon) + bias, with the biased variance.
 *
 * <p>x [.., C], gain [C], bias [C]; results: y as x, mean [..], rstd [..] = 1 / sqrt(variance +
 * epsilon), the last two kept for the gradient.
 */
public record LayerNorm(float epsilon) implements Op {

  /** y alone. */
  public static Value of(Value x, Value gain, Value bias, float epsilon) {
    return x.graph().apply(new LayerNorm(epsilon), x, gain, bias).result(0);
  }

  @Override
  public List<String> operandNames() {
    return List.of("x", "gain", "bias");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape x = operands.requireAtLeast(0, DType.F32, 1);
    operands.requireShape(1, Shape.of(x.columns()));
    operands.requireShape(2, Shape.of(x.columns()));
    TensorType statistic = new TensorType(DType.F32, x.withoutColumns());
    return List.of(new TensorType(DType.F32, x), statistic, statistic);
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    Node gradient =
        dy.graph()
            .apply(
                new Gradient(),
                dy,
                node.operand(0),
                node.operand(1),
                node.result(1),
                node.result(2));
    return Arrays.asList(gradient.result(0), gradient.result(1), gradient.result(2));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 8 * node.operand(0).shape().elements());
  }

  /**
   * With h = (x - mean) * rstd and g = dy * gain: dx = rstd * (g - mean(g) - h * mean(g * h)),
   * dgain = sum over rows of dy * h, dbias = sum over rows of dy.
   */
  public record Gradient() implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("dy", "x", "gain", "mean", "rstd");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape x = operands.requireAtLeast(0, DType.F32, 1);
      operands.requireShape(1, x);
      operands.requireShape(2, Shape.of(x.columns()));
      operands.requireShape(3, x.withoutColumns());
      operands.requireShape(4, x.withoutColumns());
      TensorType parameter = TensorType.f32(x.columns());
      return List.of(new TensorType(DType.F32, x), parameter, parameter);
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 14 * node.operand(0).shape().elements());
    }

    @Override
    public Set<Integer> inPlace() {
      return Set.of(0);
    }
  }
}
