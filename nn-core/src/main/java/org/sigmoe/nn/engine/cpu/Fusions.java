package org.sigmoe.nn.engine.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.ScatterMatMul;

/**
 * Which nodes the kernel of an earlier product computes as well, while their operand is in the
 * cache: each would be a pass over memory of its own. Their results are written earlier than the
 * plan of the buffers says, which is done only where nothing touches that buffer in between.
 */
final class Fusions {

  /**
   * What follows the gradient for the product of a hidden unit and its weight.
   *
   * @param weights a {@link ScatterMatMul.WeightGradient}
   * @param activation the {@link Activate.Gradient} of its first result
   */
  record HiddenGradient(Node weights, Node activation) {}

  /**
   * A sum with the result of a product.
   *
   * @param node the addition
   * @param addend its other operand
   */
  record Sum(Node node, Value addend) {}

  private final BufferPlan plan;
  private final Set<Value> outputs;
  private final Map<Value, List<Node>> readers = new HashMap<>();
  private final Map<Node, Integer> positions = new HashMap<>();
  private final Map<Node, Node> activations = new HashMap<>();
  private final Map<Node, HiddenGradient> gradients = new HashMap<>();
  private final Map<Node, Sum> sums = new HashMap<>();
  private final Set<Node> absorbed = new HashSet<>();

  /** Finds them in the nodes of a plan. */
  Fusions(Graph graph, BufferPlan plan) {
    this.plan = plan;
    this.outputs = Set.copyOf(graph.outputs());
    for (Node node : plan.order()) {
      positions.put(node, positions.size());
      for (Value operand : Set.copyOf(node.operands())) {
        readers.computeIfAbsent(operand, _ -> new ArrayList<>()).add(node);
      }
    }
    plan.order().forEach(this::find);
  }

  /** Whether a node is part of an earlier one. */
  boolean absorbed(Node node) {
    return absorbed.contains(node);
  }

  /** The ReLU of the result of a {@link GatherMatMul}. */
  @Nullable Node activation(Node product) {
    return activations.get(product);
  }

  /** What the result of a {@link GatherMatMul} is the gradient for. */
  @Nullable HiddenGradient gradient(Node product) {
    return gradients.get(product);
  }

  /** The addition to the result of a {@link ScatterMatMul} or {@link MatMul}. */
  @Nullable Sum sum(Node product) {
    return sums.get(product);
  }

  /** Whether a value is read by anything but products, which may read it rounded. */
  boolean isReadAsFloats(Value value) {
    return outputs.contains(value)
        || readersOf(value).stream().anyMatch(node -> readsFloats(node, value));
  }

  private boolean readsFloats(Node node, Value value) {
    boolean operandOfProduct =
        value == node.operand(0) || node.operands().size() > 1 && value == node.operand(1);
    return switch (node.op()) {
      case GatherMatMul _, ScatterMatMul _, GroupedOuterProduct _, MatMul _ -> !operandOfProduct;
      case ScatterMatMul.WeightGradient _, Activate.Gradient _ -> !absorbed(node);
      default -> true;
    };
  }

  private void find(Node node) {
    switch (node.op()) {
      case GatherMatMul _ -> {
        Node next = soleReader(node.result(0));
        if (next != null) {
          findActivation(node, next);
          findGradient(node, next);
        }
      }
      case ScatterMatMul _, MatMul _ -> findSum(node);
      default -> {}
    }
  }

  private void findActivation(Node product, Node next) {
    boolean relu =
        next.op() instanceof Activate op
            && op.activation() == Activation.RELU
            && !op.biased()
            && op.rate() == 0;
    if (relu && untouched(next.result(0), product, next, Set.of())) {
      activations.put(product, next);
      absorbed.add(next);
    }
  }

  private void findGradient(Node product, Node next) {
    if (!(next.op() instanceof ScatterMatMul.WeightGradient)
        || next.operand(0) != product.result(0)) {
      return;
    }
    Node last = soleReader(next.result(0));
    if (last != null
        && isReluGradient(last, next)
        && next.operands().stream()
            .allMatch(value -> value == product.result(0) || existsBefore(value, product))
        && untouched(last.result(0), product, last, Set.of(product.result(0), next.result(0)))
        && untouched(next.result(1), product, next, Set.of())) {
      gradients.put(product, new HiddenGradient(next, last));
      absorbed.add(next);
      absorbed.add(last);
    }
  }

  private static boolean isReluGradient(Node node, Node weights) {
    return node.op() instanceof Activate.Gradient op
        && op.activation() == Activation.RELU
        && node.operand(0) == weights.result(0)
        && node.operand(1) == weights.operand(1);
  }

  private void findSum(Node product) {
    Value result = product.result(0);
    Node sum = soleReader(result);
    if (sum == null || !isSum(sum) || sum.operand(0) == sum.operand(1)) {
      return;
    }
    Value addend = sum.operand(sum.operand(0) == result ? 1 : 0);
    boolean inPlace = plan.bufferOf(addend) == plan.bufferOf(sum.result(0));
    boolean possible = product.op() instanceof ScatterMatMul || inPlace;
    if (possible
        && existsBefore(addend, product)
        && untouched(sum.result(0), product, sum, Set.of(result))) {
      sums.put(product, new Sum(sum, addend));
      absorbed.add(sum);
    }
  }

  private static boolean isSum(Node node) {
    return switch (node.op()) {
      case Add _ -> true;
      case AddDropout op -> !op.biased() && op.rate() == 0;
      default -> false;
    };
  }

  private boolean existsBefore(Value value, Node node) {
    return !(value.origin() instanceof Value.Result(Node producer, int _))
        || position(producer) < position(node);
  }

  /**
   * Whether the buffer of a result may be written by {@code from} already: nothing up to {@code
   * until}, which makes it, reads or writes it, but for values that then need not exist.
   */
  private boolean untouched(Value result, Node from, Node until, Set<Value> gone) {
    int buffer = plan.bufferOf(result);
    for (int i = position(from); i < position(until); i++) {
      Node node = plan.order().get(i);
      List<Value> touched = new ArrayList<>(node.operands());
      if (node != from) {
        touched.addAll(node.results());
      }
      touched.removeAll(gone);
      if (touched.stream().anyMatch(value -> plan.bufferOf(value) == buffer)) {
        return false;
      }
    }
    return true;
  }

  private int position(Node node) {
    return positions.getOrDefault(node, Integer.MAX_VALUE);
  }

  /** The one node that reads a value; null if several do, or none, or somebody outside. */
  private @Nullable Node soleReader(Value value) {
    List<Node> all = readersOf(value);
    return all.size() == 1 && !outputs.contains(value) ? all.getFirst() : null;
  }

  private List<Node> readersOf(Value value) {
    return readers.getOrDefault(value, List.of());
  }
}
