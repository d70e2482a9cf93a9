package org.sigmoe.tornado.engine.op;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.LogMeanSoftmax;
import org.sigmoe.nn.graph.op.TopK;

/**
 * Activations that only those read who choose columns of rows, as in a router: these apply them as
 * they read, which spares a pass over all columns, and memory where the input is kept anyway. The
 * gradient must be one that {@link SparseGradients} computes from the input.
 */
public final class FusedActivations implements BufferPlan.Reads {

  /** What is read for a value, and what is then applied to it. */
  record Source(Value value, Activation activation) {}

  private final Map<Value, Source> sources = new HashMap<>();
  private final Set<Node> activations = new HashSet<>();

  /** Results in whose place there is nothing. */
  private final Set<Value> absent = new HashSet<>();

  private FusedActivations() {}

  /**
   * Those of a plan's schedule.
   *
   * @param outputs of the graph
   * @param gradients of the same plan
   */
  public static FusedActivations of(
      BufferPlan plan, List<Value> outputs, SparseGradients gradients) {
    FusedActivations all = new FusedActivations();
    Readers readers = new Readers(plan.order(), outputs);
    plan.order().stream()
        .filter(FusedActivations::plain)
        .filter(node -> readers.all(node.result(0), n -> chooses(n) || gradients.readsInput(n)))
        .forEach(node -> all.fuse(node, plan, readers));
    return all;
  }

  private static boolean plain(Node node) {
    return node.op() instanceof Activate op && !op.biased() && op.rate() == 0;
  }

  private static boolean chooses(Node node) {
    return node.op() instanceof TopK || node.op() instanceof GatherColumns;
  }

  private void fuse(Node node, BufferPlan plan, Readers readers) {
    Value x = node.operand(0);
    Value y = node.result(0);
    boolean inPlace = plan.bufferOf(x) == plan.bufferOf(y);
    if (inPlace || isKept(x, y, plan, readers)) {
      sources.put(y, new Source(x, ((Activate) node.op()).activation()));
      activations.add(node);
      if (!inPlace) {
        absent.add(y);
      }
    }
  }

  /** Whether x is read, and so kept, later than columns of y are chosen. */
  private static boolean isKept(Value x, Value y, BufferPlan plan, Readers readers) {
    return plan.order().stream()
        .filter(FusedActivations::balances)
        .filter(node -> node.operands().contains(x))
        .anyMatch(node -> readers.areBefore(y, FusedActivations::chooses, node));
  }

  private static boolean balances(Node node) {
    return node.op() instanceof LogMeanSoftmax || node.op() instanceof LogMeanSoftmax.Gradient;
  }

  /** What is to be read for a value; itself where it is computed. */
  Source of(Value value) {
    return sources.getOrDefault(value, new Source(value, Activation.IDENTITY));
  }

  /** Whether the readers of its result compute this node. */
  boolean contains(Node activation) {
    return activations.contains(activation);
  }

  @Override
  public boolean reads(Node node, int operand) {
    return !absent.contains(node.operand(operand));
  }
}
