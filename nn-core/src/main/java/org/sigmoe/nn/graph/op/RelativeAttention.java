package org.sigmoe.nn.graph.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Causal multi-head attention with relative positions and memory (Dai et al. 2019, with one learned
 * scale), all heads in one op and no score tensor as a result.
 *
 * <p>With S = M + T keys, of which the first M are memory, for head h:
 *
 * <pre>
 * score[i, j] = scale * ((q[i] + u) . k[j] + (q[i] + v) . r[j - i + T - 1])
 * visible     : max(M - length, i + M - reach) &lt;= j &lt;= i + M
 * y[i]        = sum over visible j of softmax_j(score[i, j]) * value[j]
 * </pre>
 *
 * <p>q [B, T, H*P]; kv [B, S, H*2*P], for each head its P of keys and its P of values; r [S, H*P],
 * row c for the offset c - (S - 1) of key position to query position; u, v [H, P]; scale [1];
 * length i32[1], how many of the M memory positions hold something (the last ones), in [0, M].
 * Results: y [B, T, H*P], lse [B, H, T], the log-sum-exp of the scores of each query, kept for the
 * gradient, which computes the scores again. An engine may round the operands of its products as
 * those of {@link MatMul}; sums are f32.
 *
 * @param window what a query sees of memory: reach is S - 1 for all of it, M for a sliding window
 */
public record RelativeAttention(AttentionWindow window) implements Op {

  /** y alone. */
  public static Value of(
      AttentionWindow window,
      Value q,
      Value kv,
      Value r,
      Value u,
      Value v,
      Value scale,
      Value length) {
    return q.graph().apply(new RelativeAttention(window), q, kv, r, u, v, scale, length).result(0);
  }

  /**
   * Sizes of an attention, its window included.
   *
   * @param batch B
   * @param context T, queries
   * @param keys S = M + T
   * @param heads H
   * @param headSize P
   * @param window how far back a query sees
   */
  public record Sizes(
      int batch, int context, int keys, int heads, int headSize, AttentionWindow window) {
    /** M. */
    public int memory() {
      return keys - context;
    }

    /** H*P, the width of q, r and y. */
    public int width() {
      return heads * headSize;
    }

    /** How many keys before its own a query sees at most. */
    public int reach() {
      return switch (window) {
        case MEMORY -> keys - 1;
        case SLIDING -> memory();
      };
    }

    /** The first key that a query sees when {@code length} memory positions are filled. */
    public int firstVisible(int query, int length) {
      return Math.max(memory() - length, query + memory() - reach());
    }

    /** Visible pairs of query and key when memory is full, over batch and heads. */
    long pairs() {
      long perHead =
          switch (window) {
            case MEMORY -> (long) context * memory() + (long) context * (context + 1) / 2;
            case SLIDING -> (long) context * (memory() + 1);
          };
      return perHead * batch * heads;
    }
  }

  /** Sizes of an application of this op or of its gradient, whose operands begin alike. */
  public static Sizes sizes(Node node) {
    Shape q = node.operand(0).shape();
    Shape u = node.operand(3).shape();
    AttentionWindow window =
        switch (node.op()) {
          case RelativeAttention op -> op.window();
          case Gradient op -> op.window();
          default -> throw new IllegalArgumentException(node + " is no relative attention");
        };
    int keys = node.operand(1).shape().size(1);
    return new Sizes(q.size(0), q.size(1), keys, u.size(0), u.size(1), window);
  }

  @Override
  public List<String> operandNames() {
    return List.of("q", "kv", "r", "u", "v", "scale", "length");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape q = require(operands);
    Shape u = operands.shape(3);
    return List.of(new TensorType(DType.F32, q), TensorType.f32(q.size(0), u.size(0), q.size(1)));
  }

  private static Shape require(Operands operands) {
    Shape q = operands.require(0, DType.F32, 3);
    Shape kv = operands.require(1, DType.F32, 3);
    Shape u = operands.require(3, DType.F32, 2);
    int width = u.size(0) * u.size(1);
    operands.check(q.columns() == width, "q must have H*P = " + width + " columns, as u says");
    operands.requireShape(1, Shape.of(q.size(0), kv.size(1), 2 * width));
    operands.check(kv.size(1) >= q.size(1), "there must be at least as many keys as queries");
    operands.requireShape(2, Shape.of(kv.size(1), width));
    operands.requireShape(4, u);
    operands.requireShape(5, Shape.scalar());
    operands.requireShape(6, DType.I32, Shape.scalar());
    return q;
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    List<Value> operands = new ArrayList<>(node.operands());
    operands.addAll(List.of(node.result(0), node.result(1), Op.sole(node, results)));
    Node gradient =
        node.result(0).graph().apply(new Gradient(window), operands.toArray(Value[]::new));
    List<@Nullable Value> gradients = new ArrayList<>(gradient.results());
    gradients.add(null);
    return gradients;
  }

  @Override
  public Cost cost(Node node) {
    // Three products of length P a pair (content, position, values) and some five for the softmax.
    Sizes sizes = sizes(node);
    return Cost.streaming(node, sizes.pairs() * (6L * sizes.headSize() + 5));
  }

  /**
   * Gradients of all six float operands from dy and y, lse of the forward pass. With p the softmax
   * and D[i] = dy[i] . y[i]: dscore = p * (dy[i] . value[j] - D[i]); sums over batch rows and
   * queries run in a fixed order.
   *
   * @param window of the forward pass
   */
  public record Gradient(AttentionWindow window) implements Op {
    @Override
    public List<String> operandNames() {
      return List.of("q", "kv", "r", "u", "v", "scale", "length", "y", "lse", "dy");
    }

    @Override
    public List<TensorType> infer(Operands operands) {
      Shape q = require(operands);
      operands.requireShape(7, q);
      operands.requireShape(8, Shape.of(q.size(0), operands.shape(3).size(0), q.size(1)));
      operands.requireShape(9, q);
      return Arrays.asList(0, 1, 2, 3, 4, 5).stream()
          .map(index -> new TensorType(DType.F32, operands.shape(index)))
          .toList();
    }

    @Override
    public Cost cost(Node node) {
      // Scores again (two products), dy.value, dvalue, dq twice, dk, dr.
      Sizes sizes = sizes(node);
      return Cost.streaming(node, sizes.pairs() * (16L * sizes.headSize() + 8));
    }
  }
}
