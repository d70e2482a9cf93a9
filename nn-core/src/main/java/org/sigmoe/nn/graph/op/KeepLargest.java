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
 * The largest entries of each row, the others 0: y[i] = x[i], or 0 where x[i] * scale[i] is smaller
 * than the k-th largest of these products in its row. Entries that tie with the k-th are kept, so
 * that more than k may be. A NaN ranks lowest but is not smaller than anything, and is kept too: it
 * shows in the result.
 *
 * <p>x [.., F], scale [F] (1 if there is none), result as x.
 *
 * @param k how many entries of a row are kept at least; all, if a row has no more
 * @param scaled whether there is a scale operand
 */
public record KeepLargest(int k, boolean scaled) implements Op {

  /** At least one entry. */
  public KeepLargest {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got " + k);
    }
  }

  /** The {@code k} largest of each row of x, ranked by x * scale if there is a scale. */
  public static Value of(Value x, @Nullable Value scale, int k) {
    Op op = new KeepLargest(k, scale != null);
    Node node = scale == null ? x.graph().apply(op, x) : x.graph().apply(op, x, scale);
    return node.result(0);
  }

  @Override
  public List<String> operandNames() {
    return scaled ? List.of("x", "scale") : List.of("x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape x = operands.requireAtLeast(0, DType.F32, 1);
    if (scaled) {
      operands.requireShape(1, Shape.of(x.columns()));
    }
    return List.of(new TensorType(DType.F32, x));
  }

  /** Only through what is kept; none for the scale, which only chooses. */
  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    List<@Nullable Value> gradients = new ArrayList<>();
    gradients.add(dy.graph().apply(new Gradient(), dy, node.result(0)).result(0));
    if (scaled) {
      gradients.add(null);
    }
    return gradients;
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, (scaled ? 3 : 2) * node.result(0).shape().elements());
  }

  /**
   * dx = dy where y is not 0, else 0: an entry that was 0 before is treated as one that was not
   * kept, which makes no difference where it is the result of a ReLU.
   */
  public record Gradient() implements Op {
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
