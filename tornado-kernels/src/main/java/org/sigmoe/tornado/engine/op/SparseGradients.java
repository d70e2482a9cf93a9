package org.sigmoe.tornado.engine.op;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.ScatterColumns;

/**
 * Gradients of chosen columns that go through an activation and are added to a gradient of all
 * columns, as in a router with a regulariser: few elements of the sum differ from that, in whose
 * place it lies. They alone are computed, which spares three passes over all columns.
 */
public final class SparseGradients {

  /** sum = dense + the gradient of {@code activation}'s input. */
  record Chain(Node activation, Value sum) {}

  private final Map<Node, Chain> chains = new HashMap<>();
  private final Set<Node> others = new HashSet<>();

  private SparseGradients() {}

  /**
   * Those of a plan's schedule.
   *
   * @param outputs of the graph
   */
  public static SparseGradients of(BufferPlan plan, List<Value> outputs) {
    SparseGradients all = new SparseGradients();
    Readers readers = new Readers(plan.order(), outputs);
    plan.order().stream()
        .filter(node -> node.op() instanceof ScatterColumns)
        .forEach(node -> all.find(node, plan, readers));
    return all;
  }

  private void find(Node scatter, BufferPlan plan, Readers readers) {
    Node activation = readers.sole(scatter.result(0));
    if (activation == null
        || !(activation.op() instanceof Activate.Gradient op)
        // ReLU's gradient may read a rounded activation, which lies elsewhere.
        || op.activation() == Activation.RELU
        || activation.operand(0) != scatter.result(0)
        || !readers.isThere(activation.operand(1), scatter)) {
      return;
    }
    Node sum = readers.sole(activation.result(0));
    if (sum == null || !(sum.op() instanceof Add)) {
      return;
    }
    Value dense = sum.operand(sum.operand(0) == activation.result(0) ? 1 : 0);
    if (plan.bufferOf(dense) == plan.bufferOf(sum.result(0))
        && readers.isThere(dense, scatter)
        && !readers.isRead(dense, scatter, sum)) {
      chains.put(scatter, new Chain(activation, sum.result(0)));
      others.add(activation);
      others.add(sum);
    }
  }

  /** What the tasks of a scatter compute in its stead; null if nothing. */
  @Nullable Chain of(Node scatter) {
    return chains.get(scatter);
  }

  /** Whether the tasks of a scatter compute this node. */
  boolean contains(Node node) {
    return others.contains(node);
  }
}
