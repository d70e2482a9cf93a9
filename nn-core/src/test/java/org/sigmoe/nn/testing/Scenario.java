package org.sigmoe.nn.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;

/** A graph together with what is fed and written to it in each of several runs. */
public final class Scenario {

  /** What is set before a run; what is not keeps its contents. */
  public record Step(Map<Value, double[]> feeds, Map<Variable, double[]> writes) {
    /** Nothing is set. */
    public Step() {
      this(new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /** Feeds an input. */
    public Step feed(Value input, double... elements) {
      feeds.put(input, elements);
      return this;
    }

    /** Writes a variable. */
    public Step write(Variable variable, double... elements) {
      writes.put(variable, elements);
      return this;
    }
  }

  private final Graph graph;
  private final double magnitude;
  private final List<Step> steps = new ArrayList<>();

  /** Without steps, of a graph in which nothing cancels to 0 by nature. */
  public Scenario(Graph graph) {
    this(graph, 0);
  }

  /** Without steps, with the magnitude of {@link OpCase}. */
  public Scenario(Graph graph, double magnitude) {
    this.graph = graph;
    this.magnitude = magnitude;
  }

  /** Adds a run and returns what is set before it. */
  public Step step() {
    steps.add(new Step());
    return steps.getLast();
  }

  /** The graph. */
  public Graph graph() {
    return graph;
  }

  /** Size of the terms that cancel to 0, or 0. */
  public double magnitude() {
    return magnitude;
  }

  /** The runs in order. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }
}
