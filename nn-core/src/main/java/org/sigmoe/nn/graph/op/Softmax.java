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
 * Exponentials of x divided by their sum over the last dimensions together: x [.., C] for one
 * dimension, x [.., H, C] for two; the result has the shape of x.
 *
 * @param trailing how many of the last dimensions share a sum: 1 or 2
 */
public record Softmax(int trailing) implements Op {

  /** Checks the number of dimensions. */
  public Softmax {
    requireTrailing(trailing);
  }

  private static void requireTrailing(int trailing) {
    if (trailing != 1 && trailing != 2) {
      throw new IllegalArgumentException(
          "A softmax is over the last 1 or 2 dimensions, got " + trailing);
    }
  }

  /** The softmax of x over its last {@code trailing} dimensions. */
  public static Value of(Value x, int trailing) {
    return x.graph().apply(new Softmax(trailing), x).result(0);
  }

  /** Elements that share a sum, in a tensor of {@code shape}. */
  public int span(Shape shape) {
    return span(shape, trailing);
  }

  private static int span(Shape shape, int trailing) {
    return trailing == 1 ? shape.columns() : Math.multiplyExact(shape.size(-2), shape.columns());
  }

  @Override
  public List<String> operandNames() {
    return List.of("x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    return List.of(new TensorType(DType.F32, operands.requireAtLeast(0, DType.F32, trailing)));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    return List.of(dy.graph().apply(new Gradient(trailing), dy, node.result(0)).result(0));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 5 * node.result(0).shape().elements());
  }

  @Override
  public Set<Integer> inPlace() {
    return Set.of(0);
  }

  /** dx = y * (dy - sum of dy * y), the sum over what shares a sum in y. */
  public record Gradient(int trailing) implements Op {

    /** Checks the number of dimensions. */
    public Gradient {
      requireTrailing(trailing);
    }

    /** Elements that share a sum, in a tensor of {@code shape}. */
    public int span(Shape shape) {
      return Softmax.span(shape, trailing);
    }

    @Override
    public List<String> operandNames() {
      return List.of("dy", "y");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape shape = operands.requireAtLeast(0, DType.F32, trailing);
      operands.requireShape(1, shape);
      return List.of(new TensorType(DType.F32, shape));
    }

    @Override
    public Cost cost(Node node) {
      return Cost.streaming(node, 4 * node.result(0).shape().elements());
    }

    @Override
    public Set<Integer> inPlace() {
      return Set.of(0, 1);
    }
  }
}
