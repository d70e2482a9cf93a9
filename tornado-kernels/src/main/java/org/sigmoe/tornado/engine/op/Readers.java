package org.sigmoe.tornado.engine.op;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;

/** When the nodes of a schedule run, and who reads their results. */
final class Readers {
  private final List<Node> schedule;
  private final Map<Node, Integer> positions = new HashMap<>();
  private final Map<Value, List<Node>> readers = new HashMap<>();
  private final Set<Value> outputs;

  /**
   * Of a schedule.
   *
   * @param outputs of the graph, which the host reads
   */
  Readers(List<Node> schedule, List<Value> outputs) {
    this.schedule = List.copyOf(schedule);
    this.outputs = new HashSet<>(outputs);
    for (Node node : schedule) {
      positions.put(node, positions.size());
      node.operands().forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(node));
    }
  }

  /** The only reader of a value, which names it once; null if there are others. */
  @Nullable Node sole(Value value) {
    List<Node> all = readers.getOrDefault(value, List.of());
    return all.size() == 1 && !outputs.contains(value) ? all.getFirst() : null;
  }

  /** Whether all readers of a value, which is no output, are of a kind. */
  boolean all(Value value, Predicate<Node> kind) {
    return !outputs.contains(value)
        && readers.getOrDefault(value, List.of()).stream().allMatch(kind);
  }

  /** Whether the readers of a value that are of a kind come before a node. */
  boolean areBefore(Value value, Predicate<Node> kind, Node node) {
    return readers.getOrDefault(value, List.of()).stream()
        .filter(kind)
        .allMatch(reader -> position(reader) < position(node));
  }

  /** Whether a value is there when a node runs. */
  boolean isThere(Value value, Node node) {
    return !(value.origin() instanceof Value.Result(Node producer, int _))
        || position(producer) < position(node);
  }

  /**
   * Whether the place of a value keeps its contents from when one node has run until another has.
   */
  boolean stays(Value value, Node from, Node until, BufferPlan plan) {
    int place = plan.bufferOf(value);
    return schedule.subList(position(from) + 1, position(until) + 1).stream()
        .noneMatch(
            node ->
                node.op().updates().stream().anyMatch(index -> node.operand(index) == value)
                    || isResult(value) && isWritten(place, node, plan));
  }

  private static boolean isResult(Value value) {
    return value.origin() instanceof Value.Result;
  }

  private static boolean isWritten(int place, Node node, BufferPlan plan) {
    return node.results().stream().anyMatch(result -> plan.bufferOf(result) == place);
  }

  /** Whether a node of the schedule reads a value, from one node on until before another. */
  boolean isRead(Value value, Node from, Node until) {
    return readers.getOrDefault(value, List.of()).stream()
        .anyMatch(node -> position(from) <= position(node) && position(node) < position(until));
  }

  /** Whether the host or a later node of the schedule than this one reads a value. */
  boolean isReadAfter(Value value, Node node) {
    return outputs.contains(value)
        || readers.getOrDefault(value, List.of()).stream()
            .anyMatch(reader -> position(reader) > position(node));
  }

  private int position(Node node) {
    Integer position = positions.get(node);
    if (position == null) {
      throw new IllegalArgumentException(node + " is not in the schedule");
    }
    return position;
  }
}
