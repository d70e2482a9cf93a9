package org.sigmoe.nn.graph;

import java.util.function.Supplier;

/** A tensor of a graph: fed, constant, held in a variable, or the result of a node. */
public final class Value {

  /** Where a value comes from. */
  public sealed interface Origin permits Input, Constant, Held, Result {}

  /** Fed from outside before each run. */
  public record Input() implements Origin {}

  /** Computed once, when a program is compiled; row-major. */
  public record Constant(Supplier<float[]> elements) implements Origin {}

  /** The contents of a variable. */
  public record Held(Variable variable) implements Origin {}

  /** Result number {@code index} of a node. */
  public record Result(Node node, int index) implements Origin {}

  private final Graph graph;
  private final int id;
  private final String name;
  private final TensorType type;
  private final Origin origin;

  Value(Graph graph, int id, String name, TensorType type, Origin origin) {
    this.graph = graph;
    this.id = id;
    this.name = name;
    this.type = type;
    this.origin = origin;
  }

  /** The graph this value belongs to. */
  public Graph graph() {
    return graph;
  }

  /** Number of this value in its graph, dense from 0: an index for tables of an engine. */
  public int id() {
    return id;
  }

  /** For messages. */
  public String name() {
    return name;
  }

  /** Element type and shape. */
  public TensorType type() {
    return type;
  }

  /** Shape alone. */
  public Shape shape() {
    return type.shape();
  }

  /** Where it comes from. */
  public Origin origin() {
    return origin;
  }

  @Override
  public String toString() {
    return name + " " + type;
  }
}
