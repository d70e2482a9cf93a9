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
  private Schedule() {}

  /** The nodes of {@code graph} that must run, in order. */
  public static List<Node> of(Graph graph) {
    Set<Node> live = live(graph);
    List<Node> pure = new ArrayList<>();
    List<Node> updates = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (live.contains(node)) {
        (node.op().updates().isEmpty() ? pure : updates).add(node);
      }
    }
    Map<Node, Integer> position = new HashMap<>();
    for (int i = 0; i < pure.size(); i++) {
      position.put(pure.get(i), i);
    }
    Map<Value, Integer> lastRead = new HashMap<>();
    for (Node node : pure) {
      node.operands().forEach(operand -> lastRead.put(operand, position.get(node)));
    }
    List<List<Node>> after = new ArrayList<>(Collections.nCopies(pure.size() + 1, List.of()));
    int floor = -1;
    for (Node node : updates) {
      // Updates keep their order among themselves where one reads what another updates.
      int earliest = readsUpdated(node, updates) ? floor : -1;
      for (int i = 0; i < node.operands().size(); i++) {
        Value operand = node.operand(i);
        if (operand.origin() instanceof Value.Result(Node producer, int _)) {
          earliest = Math.max(earliest, position.get(producer));
        }
        if (node.op().updates().contains(i)) {
          earliest = Math.max(earliest, lastRead.getOrDefault(operand, -1));
        }
      }
      floor = Math.max(floor, earliest);
      List<Node> slot = new ArrayList<>(after.get(earliest + 1));
      slot.add(node);
      after.set(earliest + 1, slot);
    }
    List<Node> order = new ArrayList<>(after.getFirst());
    for (int i = 0; i < pure.size(); i++) {
      order.add(pure.get(i));
      order.addAll(after.get(i + 1));
    }
    return order;
  }

  /** Whether {@code node} reads, without updating it, a variable that another update changes. */
  private static boolean readsUpdated(Node node, List<Node> updates) {
    Set<Value> changed = new HashSet<>();
    for (Node other : updates) {
      if (other != node) {
        other.op().updates().forEach(index -> changed.add(other.operand(index)));
      }
    }
    return node.operands().stream().anyMatch(changed::contains);
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
