package org.sigmoe.nn.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which nodes run. Nodes that reach neither an output nor a variable are left out. A
 * node that updates a variable runs as soon as the last reader of the old contents has run, which
 * frees its operands early; all others keep the order in which they were appended.
 */
public final class Schedule {
  private final List<Node> pure = new ArrayList<>();

  /** For each node the number of pure nodes that run before it. */
  private final Map<Node, Integer> slots = new HashMap<>();

  private Schedule() {}

  /**
   * The nodes of {@code graph} that must run, in order.
   *
   * @throws IllegalStateException if updates read each other's old contents in a circle
   */
  public static List<Node> of(Graph graph) {
    return new Schedule().order(graph);
  }

  private List<Node> order(Graph graph) {
    Set<Node> live = live(graph);
    List<Node> updates = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (!node.op().updates().isEmpty()) {
        updates.add(node);
      } else if (live.contains(node)) {
        slots.put(node, pure.size());
        pure.add(node);
      }
    }
    Map<Value, List<Node>> readers = readers(live);
    List<List<Node>> updatesAt = new ArrayList<>();
    for (int slot = 0; slot <= pure.size(); slot++) {
      updatesAt.add(new ArrayList<>());
    }
    for (Node node : readersFirst(updates, readers)) {
      int slot = earliest(node, readers);
      slots.put(node, slot);
      updatesAt.get(slot).add(node);
    }
    List<Node> order = new ArrayList<>(updatesAt.getFirst());
    for (int i = 0; i < pure.size(); i++) {
      order.add(pure.get(i));
      order.addAll(updatesAt.get(i + 1));
    }
    return order;
  }

  /** For each value the live nodes that read it and do not update it. */
  private static Map<Value, List<Node>> readers(Set<Node> live) {
    Map<Value, List<Node>> readers = new HashMap<>();
    for (Node node : live) {
      for (int i = 0; i < node.operands().size(); i++) {
        if (!node.op().updates().contains(i)) {
          readers.computeIfAbsent(node.operand(i), _ -> new ArrayList<>()).add(node);
        }
      }
    }
    return readers;
  }

  /** The updates, as appended but for those that read what another one changes: they go before. */
  private static List<Node> readersFirst(List<Node> updates, Map<Value, List<Node>> readers) {
    List<Node> ordered = new ArrayList<>();
    Set<Node> left = new HashSet<>(updates);
    while (!left.isEmpty()) {
      int before = left.size();
      for (Node node : updates) {
        if (left.contains(node) && Collections.disjoint(others(node, readers), left)) {
          ordered.add(node);
          left.remove(node);
        }
      }
      if (left.size() == before) {
        throw new IllegalStateException(
            "Each of these updates reads what another changes, so none can be first: " + left);
      }
    }
    return ordered;
  }

  /** The other nodes that read what {@code update} changes. */
  private static Set<Node> others(Node update, Map<Value, List<Node>> readers) {
    Set<Node> others = new HashSet<>();
    for (int index : update.op().updates()) {
      others.addAll(readers.getOrDefault(update.operand(index), List.of()));
    }
    others.remove(update);
    return others;
  }

  /** The first slot at which the operands of an update are made and all other readers are done. */
  private int earliest(Node update, Map<Value, List<Node>> readers) {
    int earliest = 0;
    for (Value operand : update.operands()) {
      if (operand.origin() instanceof Value.Result(Node producer, int _)) {
        earliest = Math.max(earliest, after(producer));
      }
    }
    for (Node reader : others(update, readers)) {
      earliest = Math.max(earliest, after(reader));
    }
    return earliest;
  }

  /** The first slot at which {@code node} is done: updates of one slot run one after the other. */
  private int after(Node node) {
    Integer slot = slots.get(node);
    if (slot == null) {
      throw new IllegalStateException(node + " has no place in the schedule yet");
    }
    return node.op().updates().isEmpty() ? slot + 1 : slot;
  }

  private static Set<Node> live(Graph graph) {
    Set<Node> live = new HashSet<>();
    Deque<Node> open = new ArrayDeque<>();
    for (Value output : graph.outputs()) {
      reach(output, live, open);
    }
    for (Node node : graph.nodes()) {
      if (!node.op().updates().isEmpty() && live.add(node)) {
        open.push(node);
      }
    }
    while (!open.isEmpty()) {
      open.pop().operands().forEach(operand -> reach(operand, live, open));
    }
    return live;
  }

  private static void reach(Value value, Set<Node> live, Deque<Node> open) {
    if (value.origin() instanceof Value.Result(Node node, int _) && live.add(node)) {
      open.push(node);
    }
  }
}
