package org.sigmoe.nn.graph.op;

import java.util.ArrayList;
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
 * Bias, non-linearity and dropout in one pass: y = dropout(activation(x + bias)). x [.., C], bias
 * [C], key i32[2].
 *
 * @param activation the non-linearity
 * @param biased whether there is a bias operand
 * @param site number of the {@link DropoutSite}
 * @param rate probability of dropping; 0 for none, then there is no key operand; must be 0 unless
 *     the activation {@link Activation#allowsDropout allows dropout}
 */
public record Activate(Activation activation, boolean biased, int site, float rate) implements Op {

  /** Checks that activation and dropout go together. */
  public Activate {
    if (rate > 0 && !activation.allowsDropout()) {
      throw new IllegalArgumentException(
          "Activate cannot drop results of " + activation + ": apply Dropout to them");
    }
  }

  /** dropout(activation(x + bias)), of which bias and dropout may be missing. */
  public static Value of(
      Activation activation, Value x, @Nullable Value bias, @Nullable DropoutSite site) {
    List<Value> operands = new ArrayList<>(List.of(x));
    if (bias != null) {
      operands.add(bias);
    }
    Op op = new Activate(activation, bias != null, 0, 0);
    if (site != null && site.rate() > 0) {
      operands.add(site.key());
      op = new Activate(activation, bias != null, site.number(), site.rate());
    }
    return x.graph().apply(op, operands.toArray(Value[]::new)).result(0);
  }

  @Override
  public List<String> operandNames() {
    return withOptional(List.of("x"), biased, rate);
  }

  private static List<String> withOptional(List<String> names, boolean biased, float rate) {
    List<String> all = new ArrayList<>(names);
    if (biased) {
      all.add("bias");
    }
    if (rate > 0) {
      all.add("key");
    }
    return all;
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape shape = operands.requireAtLeast(0, DType.F32, 1);
    requireOptional(operands, 1, biased, rate, shape);
    return List.of(new TensorType(DType.F32, shape));
  }

  private static void requireOptional(
      Operands operands, int first, boolean biased, float rate, Shape shape) {
    if (biased) {
      operands.requireShape(first, Shape.of(shape.columns()));
    }
    if (rate > 0) {
      Dropout.requireKey(operands, biased ? first + 1 : first);
    }
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    Value dx =
        switch (activation) {
          case IDENTITY ->
              rate == 0
                  ? dy
                  : dy.graph()
                      .apply(
                          new Dropout(site, rate, Dropout.Scaling.INVERTED),
                          dy,
                          node.operands().getLast())
                      .result(0);
          case GELU -> geluGradient(node, dy);
          case RELU, SIGMOID, SOFTPLUS, EXP, SQRT ->
              dy.graph().apply(new Gradient(activation, rate), dy, node.result(0)).result(0);
        };
    List<@Nullable Value> gradients = new ArrayList<>();
    gradients.add(dx);
    if (biased) {
      gradients.add(SumRows.of(dx));
    }
    if (rate > 0) {
      gradients.add(null);
    }
    return gradients;
  }

  private Value geluGradient(Node node, Value dy) {
    List<Value> operands = new ArrayList<>(List.of(dy));
    operands.addAll(node.operands());
    return dy.graph()
        .apply(new GeluGradient(biased, site, rate), operands.toArray(Value[]::new))
        .result(0);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 3 * node.result(0).shape().elements());
  }

  @Override
  public Set<Integer> inPlace() {
    return Set.of(0);
  }

  /**
   * Gradient from the result y, dx = dy * f'(x):
   *
   * <ul>
   *   <li>RELU: dy / (1 - rate) where y > 0, else 0. An element of y is positive just where ReLU
   *       passed it and dropout kept it, so that neither x nor the mask is needed.
   *   <li>SIGMOID: dy * y * (1 - y).
   *   <li>SOFTPLUS: dy * (1 - exp(-y)).
   *   <li>EXP: dy * y.
   *   <li>SQRT: dy / (2 y) where y > 0, else 0.
   * </ul>
   *
   * @param activation one of these five
   * @param rate probability with which y was dropped; 0 but for RELU
   */
  public record Gradient(Activation activation, float rate) implements Op {

    /** Checks that there is such a gradient. */
    public Gradient {
      if (activation == Activation.IDENTITY || activation == Activation.GELU) {
        throw new IllegalArgumentException(
            "The gradient of " + activation + " is not computed from its result");
      }
      if (rate > 0 && activation != Activation.RELU) {
        throw new IllegalArgumentException("Activate cannot drop results of " + activation);
      }
    }

    @Override
    public List<String> operandNames() {
      return List.of("dy", "y");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape shape = operands.requireAtLeast(0, DType.F32, 1);
      operands.requireShape(1, shape);
      return List.of(new TensorType(DType.F32, shape));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, node.result(0).shape().elements());
    }

    @Override
    public Set<Integer> inPlace() {
      return Set.of(0, 1);
    }
  }

  /**
   * Gradient of GELU, with bias and dropout as in {@link Activate}: for z = x + bias, the normal
   * distribution function P and density p, dx = dropout(dy) * (P(z) + z * p(z)).
   */
  public record GeluGradient(boolean biased, int site, float rate) implements Op {
    @Override
    public List<String> operandNames() {
      return withOptional(List.of("dy", "x"), biased, rate);
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape shape = operands.requireAtLeast(0, DType.F32, 1);
      operands.requireShape(1, shape);
      requireOptional(operands, 2, biased, rate, shape);
      return List.of(new TensorType(DType.F32, shape));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 6 * node.result(0).shape().elements());
    }

    @Override
    public Set<Integer> inPlace() {
      return Set.of(0, 1);
    }
  }
}
