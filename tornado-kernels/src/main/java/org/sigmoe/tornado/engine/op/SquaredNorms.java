package org.sigmoe.tornado.engine.op;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.AddSquaredNorm;

/**
 * {@link AddSquaredNorm}s that follow each other, each adding to what the one before gives, as
 * those of a model's gradients do: the last one's tasks compute all. As nothing comes between them,
 * whatever they read is still there.
 */
public final class SquaredNorms {
  private final Map<Node, List<Node>> chains = new HashMap<>();
  private final Set<Node> joined = new HashSet<>();

  private SquaredNorms() {}

  /**
   * Those of a plan's schedule.
   *
   * @param outputs of the graph
   */
  public static SquaredNorms of(BufferPlan plan, List<Value> outputs) {
    SquaredNorms all = new SquaredNorms();
    Readers readers = new Readers(plan.order(), outputs);
    List<Node> chain = new ArrayList<>();
    for (Node node : plan.order()) {
      if (!chain.isEmpty() && !continues(chain.getLast(), node, readers)) {
        all.add(chain, plan);
        chain.clear();
      }
      if (node.op() instanceof AddSquaredNorm) {
        chain.add(node);
      }
    }
    all.add(chain, plan);
    return all;
  }

  private static boolean continues(Node last, Node node, Readers readers) {
    return node.op() instanceof AddSquaredNorm
        && node.operand(0) == last.result(0)
        && readers.sole(last.result(0)) == node;
  }

  /** Adds a chain without its first node if the sum would lie where that finds what it adds to. */
  private void add(List<Node> chain, BufferPlan plan) {
    int skipped = chain.size() > 1 && isInPlace(chain, plan) ? 1 : 0;
    if (chain.size() - skipped > 1) {
      chains.put(chain.getLast(), List.copyOf(chain.subList(skipped, chain.size())));
      joined.addAll(chain.subList(skipped, chain.size() - 1));
    }
  }

  private static boolean isInPlace(List<Node> chain, BufferPlan plan) {
    Value total = chain.getFirst().operand(0);
    return total.origin() instanceof Value.Result
        && plan.bufferOf(total) == plan.bufferOf(chain.getLast().result(0));
  }

  /** The nodes that the tasks of one compute, itself the last; it alone if there are no others. */
  List<Node> upTo(Node node) {
    return chains.getOrDefault(node, List.of(node));
  }

  /** Whether the tasks of a later node compute this one. */
  boolean contains(Node node) {
    return joined.contains(node);
  }
}
