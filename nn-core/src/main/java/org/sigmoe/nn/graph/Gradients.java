package org.sigmoe.nn.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.op.Add;

/**
 * Reverse-mode differentiation: appends the nodes that compute gradients to the graph of the value
 * that is differentiated. Only what the asked-for gradients need is appended.
 */
public final class Gradients {
  private final Graph graph;
  private final BitSet needed;
  private final Map<Value, Value> gradients = new IdentityHashMap<>();

  private Gradients(Graph graph, BitSet needed) {
    this.graph = graph;
    this.needed = needed;
  }

  /**
   * Gradients of a scalar.
   *
   * @param loss a value of one element
   * @param wrt the values to differentiate with respect to
   * @return for each of {@code wrt} its gradient, of its shape
   * @throws IllegalArgumentException if the loss is not a scalar or does not depend on one of them
   */
  public static List<Value> of(Value loss, List<Value> wrt) {
    if (!loss.shape().equals(Shape.scalar())) {
      throw new ShapeException("Only a scalar can be differentiated, not " + loss);
    }
    Value one = loss.graph().constant("one", Shape.scalar(), () -> new float[] {1});
    return of(Map.of(loss, one), wrt);
  }

  /**
   * Products of given gradients with the Jacobian.
   *
   * @param seeds for each value to differentiate the gradient of the loss for it, of its shape
   * @param wrt the values to differentiate with respect to
   * @return for each of {@code wrt} its gradient, of its shape
   * @throws IllegalArgumentException if no seeded value depends on one of them
   */
  public static List<Value> of(Map<Value, Value> seeds, List<Value> wrt) {
    Graph graph = seeds.keySet().iterator().next().graph();
    Gradients pass = new Gradients(graph, dependents(graph, wrt));
    try (Graph.Scope _ = graph.phase(Node.Phase.BACKWARD)) {
      pass.run(seeds);
    }
    List<Value> found = new ArrayList<>();
    for (Value value : wrt) {
      Value gradient = pass.gradients.get(value);
      if (gradient == null) {
        throw new IllegalArgumentException(
            "No gradient reaches " + value + ": what is differentiated does not depend on it");
      }
      found.add(gradient);
    }
    return found;
  }

  /** Ids of the values that depend on one of {@code wrt}. */
  private static BitSet dependents(Graph graph, Collection<Value> wrt) {
    BitSet dependents = new BitSet();
    wrt.forEach(value -> dependents.set(value.id()));
    for (Node node : graph.nodes()) {
      if (node.operands().stream().anyMatch(operand -> dependents.get(operand.id()))) {
        node.results().forEach(result -> dependents.set(result.id()));
      }
    }
    return dependents;
  }

  private void run(Map<Value, Value> seeds) {
    seeds.forEach(this::accumulate);
    List<Node> nodes = List.copyOf(graph.nodes());
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      List<@Nullable Value> results = new ArrayList<>();
      node.results().forEach(result -> results.add(gradients.get(result)));
      boolean reached = results.stream().anyMatch(gradient -> gradient != null);
      boolean wanted = node.operands().stream().anyMatch(operand -> needed.get(operand.id()));
      if (reached && wanted) {
        propagate(node, results);
      }
    }
  }

  private void propagate(Node node, List<@Nullable Value> results) {
    try (Graph.Scope _ = graph.scopeOf(node)) {
      List<@Nullable Value> operands = node.op().gradient(node, results);
      for (int i = 0; i < operands.size(); i++) {
        Value gradient = operands.get(i);
        if (gradient != null && needed.get(node.operand(i).id())) {
          accumulate(node.operand(i), gradient);
        }
      }
    }
  }

  private void accumulate(Value value, Value gradient) {
    if (!gradient.type().equals(value.type())) {
      throw new ShapeException("Gradient " + gradient + " does not fit its value " + value);
    }
    gradients.merge(value, gradient, Add::of);
  }
}
