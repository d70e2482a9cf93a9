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
 * @param rate probability of dropping; 0 for none, then there is no key operand
 */
public record Activate(Activation activation, boolean biased, int site, float rate) implements Op {

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
    List<String> names = new ArrayList<>(List.of("x"));
    if (biased) {
      names.add("bias");
    }
    if (rate > 0) {
      names.add("key");
    }
    return names;
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape shape = operands.requireAtLeast(0, DType.F32, 1);
    if (biased) {
      operands.requireShape(1, Shape.of(shape.columns()));
    }
    if (rate > 0) {
      Dropout.requireKey(operands, biased ? 2 : 1);
    }
    return List.of(new TensorType(DType.F32, shape));
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
                      .apply(new Dropout(site, rate), dy, node.operands().getLast())
                      .result(0);
          case RELU -> dy.graph().apply(new Gradient(rate), dy, node.result(0)).result(0);
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

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 3 * node.result(0).shape().elements());
  }

  @Override
  public Set<Integer> inPlace() {
    return Set.of(0);
  }

  /**
   * Gradient of ReLU with dropout, from its result: dx = dy / (1 - rate) where y > 0, else 0. An
   * element of y is positive just where ReLU passed it and dropout kept it, so that neither x nor
   * the mask is needed.
   */
  public record Gradient(float rate) implements Op {
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
}
