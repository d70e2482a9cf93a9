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
 * Dropout: y = x * factor where {@link DropoutMask} keeps the element, else 0. x any shape, key
 * i32[2]. It is linear with a known mask, so it is also its own gradient.
 *
 * @param site number of the {@link DropoutSite}
 * @param rate probability of dropping, in (0, 1)
 * @param scaling the factor
 */
public record Dropout(int site, float rate, Scaling scaling) implements Op {

  /** What kept elements are multiplied by. */
  public enum Scaling {
    /** 1 / (1 - rate), which keeps the mean: inverted dropout. */
    INVERTED,
    /** 1: a mask alone, as for the dropout of experts. */
    NONE
  }

  /** x with elements dropped and the others scaled; x itself without a site or at rate 0. */
  public static Value of(Value x, @Nullable DropoutSite site) {
    return of(x, site, Scaling.INVERTED);
  }

  /** x with elements dropped; x itself where there is no site or its rate is 0. */
  public static Value of(Value x, @Nullable DropoutSite site, Scaling scaling) {
    if (site == null || site.rate() == 0) {
      return x;
    }
    Dropout op = new Dropout(site.number(), site.rate(), scaling);
    return x.graph().apply(op, x, site.key()).result(0);
  }

  /** What kept elements are multiplied by. */
  public float factor() {
    return switch (scaling) {
      case INVERTED -> DropoutMask.scale(rate);
      case NONE -> 1;
    };
  }

  @Override
  public List<String> operandNames() {
    return List.of("x", "key");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    requireKey(operands, 1);
    return List.of(new TensorType(DType.F32, operands.requireAtLeast(0, DType.F32, 1)));
  }

  /** Requires operand {@code index} to be a dropout key. */
  static void requireKey(Operands operands, int index) {
    operands.requireShape(index, DType.I32, Shape.of(2));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    return Arrays.asList(dy.graph().apply(this, dy, node.operand(1)).result(0), null);
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, node.result(0).shape().elements());
  }

  @Override
  public Set<Integer> inPlace() {
    return Set.of(0);
  }
}
