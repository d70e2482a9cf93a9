package org.sigmoe.tornado.engine.op;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.LogMeanSoftmax;
import org.sigmoe.nn.graph.op.NegativeEntropy;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.nn.graph.op.ScatterColumns;
import org.sigmoe.tornado.kernel.RouterGradientKernels;

/**
 * Gradients of chosen columns that go through an activation and are added to a gradient of all
 * columns, as in a router with a regulariser: few elements of the sum differ from that, in whose
 * place it lies. They alone are computed, which spares three passes over all columns.
 *
 * <p>Where the gradient of all columns is that of the entropy and the activation's input are the
 * same logits, it is not computed before but along with the sum: that is one pass, and may write
 * the sum rounded. Until then the logits lie in the sum's place; what else is read later than the
 * plan knows lies in places of its own.
 */
public final class SparseGradients {

  /**
   * sum = dense + the gradient of {@code activation}'s input.
   *
   * @param dense the node whose result that is if it is computed along with the sum, else null
   */
  record Chain(Node activation, Value sum, @Nullable Node dense) {}

  private final Map<Node, Chain> chains = new HashMap<>();
  private final Set<Node> others = new HashSet<>();
  private final Set<Value> readLater = new HashSet<>();

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
      Node along = computedAlong(scatter, activation, dense, plan, readers) ? node(dense) : null;
      chains.put(scatter, new Chain(activation, sum.result(0), along));
      others.add(activation);
      others.add(sum);
      if (along != null) {
        others.add(along);
        readLater.addAll(smallOperands(along));
      }
    }
  }

  private static boolean computedAlong(
      Node scatter, Node activation, Value dense, BufferPlan plan, Readers readers) {
    Node gradient = node(dense);
    Node y = node(activation.operand(1));
    if (gradient == null
        || y == null
        || !(gradient.op() instanceof LogMeanSoftmax.Gradient)
        || !(y.op() instanceof Activate op)
        || op.biased()) {
      return false;
    }
    Value logits = gradient.operand(1);
    return y.operand(0) == logits
        && plan.bufferOf(logits) == plan.bufferOf(dense)
        && readers.sole(dense) != null
        && RouterGradientKernels.fits(
            logits.shape().columns(), scatter.operand(0).shape().columns())
        // Made by tasks that ask for no place in particular, and of no use to later nodes, which
        // might be computed in their place.
        && isOf(gradient.operand(0), NegativeEntropy.Gradient.class)
        && isOf(gradient.operand(2), LogMeanSoftmax.class)
        && isOf(gradient.operand(3), LogMeanSoftmax.class)
        && smallOperands(gradient).stream().noneMatch(v -> readers.isReadAfter(v, gradient));
  }

  /** All but the logits. */
  private static List<Value> smallOperands(Node gradient) {
    return List.of(gradient.operand(0), gradient.operand(2), gradient.operand(3));
  }

  private static boolean isOf(Value value, Class<? extends Op> op) {
    Node node = node(value);
    return node != null && op.isInstance(node.op());
  }

  private static @Nullable Node node(Value value) {
    return value.origin() instanceof Value.Result(Node node, int _) ? node : null;
  }

  /** What the tasks of a scatter compute in its stead; null if nothing. */
  @Nullable Chain of(Node scatter) {
    return chains.get(scatter);
  }

  /** Whether the tasks of a scatter compute this node. */
  boolean contains(Node node) {
    return others.contains(node);
  }

  /** Whether the tasks of a scatter read, in the place of this gradient, the activation's input. */
  boolean readsInput(Node activation) {
    return chains.values().stream()
        .anyMatch(chain -> chain.dense() != null && chain.activation() == activation);
  }

  /** Sums whose tasks can write them rounded. */
  Set<Value> roundable() {
    return chains.values().stream()
        .filter(chain -> chain.dense() != null)
        .map(Chain::sum)
        .collect(Collectors.toSet());
  }

  /** Whether both are about the same nodes. */
  public boolean sameAs(SparseGradients other) {
    return chains.equals(other.chains) && readLater.equals(other.readLater);
  }

  /** Results that are read later than the plan knows, and need places of their own. */
  public Set<Value> readLater() {
    return readLater;
  }
}
