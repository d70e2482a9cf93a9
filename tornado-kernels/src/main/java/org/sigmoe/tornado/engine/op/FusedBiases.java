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
import org.sigmoe.nn.graph.op.CrossEntropy;

/**
 * Biases of logits that only cross-entropy and its gradient read: these add them as they read,
 * which spares a pass over the logits, the largest tensors of a language model. In the place of the
 * logits then lies what they are without the bias.
 */
public final class FusedBiases {
  private final Map<Value, Value> ofLogits = new HashMap<>();
  private final Set<Node> additions = new HashSet<>();

  private FusedBiases() {}

  /**
   * Those of a plan's schedule.
   *
   * @param outputs of the graph
   */
  public static FusedBiases of(BufferPlan plan, List<Value> outputs) {
    FusedBiases all = new FusedBiases();
    Readers readers = new Readers(plan.order(), outputs);
    plan.order().stream()
        .filter(FusedBiases::addsBias)
        .filter(node -> plan.bufferOf(node.operand(0)) == plan.bufferOf(node.result(0)))
        .filter(node -> readers.sole(node.operand(0)) == node)
        .filter(node -> readers.all(node.result(0), FusedBiases::readsLogits))
        .forEach(
            node -> {
              all.ofLogits.put(node.result(0), node.operand(1));
              all.additions.add(node);
            });
    return all;
  }

  private static boolean addsBias(Node node) {
    return node.op() instanceof Activate op
        && op.activation() == Activation.IDENTITY
        && op.biased()
        && op.rate() == 0
        // What a node computes may have given its place to others by the time of the gradient.
        && !(node.operand(1).origin() instanceof Value.Result);
  }

  private static boolean readsLogits(Node node) {
    return node.op() instanceof CrossEntropy || node.op() instanceof CrossEntropy.Gradient;
  }

  /** The bias [columns] that is to be added to logits as they are read; null if none. */
  @Nullable Value ofLogits(Value logits) {
    return ofLogits.get(logits);
  }

  /** Whether the readers of its result compute this node. */
  boolean contains(Node addition) {
    return additions.contains(addition);
  }
}
