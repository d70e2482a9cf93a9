package org.sigmoe.nn.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.nn.graph.op.Operands;

/**
 * A static program over tensors. Values and nodes are appended; nodes run in the order of {@link
 * Schedule}, which keeps every result that appending order gives. Not safe for use by several
 * threads while it is built.
 *
 * <p>Order of calls: inputs, variables and ops; {@link Gradients#of}; optimiser; {@link #output}
 * for each value that will be read; then an engine compiles it.
 */
public final class Graph {
  private final List<Value> values = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Variable, Value> held = new LinkedHashMap<>();
  private final Set<Variable> updated = new HashSet<>();
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private String scope = "";
  private Node.Phase phase = Node.Phase.FORWARD;

  /** A value that is fed before each run. */
  public Value input(String name, TensorType type) {
    Value value = append(name, type, new Value.Input());
    inputs.add(value);
    return value;
  }

  /**
   * A value of fixed elements (row-major), computed when a program is compiled.
   *
   * @param elements gives as many as the shape has; else compilation fails with an {@link
   *     IllegalArgumentException}
   */
  public Value constant(String name, Shape shape, Supplier<float[]> elements) {
    TensorType type = new TensorType(DType.F32, shape);
    Supplier<float[]> checked =
        () -> {
          float[] given = elements.get();
          if (given.length != shape.elements()) {
            throw new IllegalArgumentException(
                "Constant %s %s has %d elements, %d were given"
                    .formatted(name, type, shape.elements(), given.length));
          }
          return given;
        };
    return append(name, type, new Value.Constant(checked));
  }

  /**
   * The contents of a variable, as they are before this run updates them.
   *
   * @throws IllegalStateException if a node already appended updates the variable
   */
  public Value read(Variable variable) {
    if (updated.contains(variable)) {
      throw new IllegalStateException(
          "Variable " + variable + " was already updated in this graph; read it before the update");
    }
    return held.computeIfAbsent(variable, v -> append(v.name(), v.type(), new Value.Held(v)));
  }

  /**
   * Appends an op.
   *
   * @return the node, with its results typed
   * @throws ShapeException if the operands do not fit
   */
  public Node apply(Op op, Value... operands) {
    for (Value operand : operands) {
      if (operand.graph() != this) {
        throw new IllegalArgumentException(
            op.name() + ": operand " + operand + " belongs to another graph");
      }
    }
    Node node = new Node(op, List.of(operands), scope, phase);
    List<TensorType> types = op.infer(new Operands(op, scope, node.operands()));
    for (int index : op.updates()) {
      if (!(node.operand(index).origin() instanceof Value.Held(Variable variable))) {
        throw new IllegalArgumentException(
            node + " updates operand " + node.operand(index) + ", which is not a variable");
      }
      if (Collections.frequency(node.operands(), node.operand(index)) > 1) {
        throw new IllegalArgumentException(
            node + " updates " + variable + " and takes it as another operand too");
      }
      if (!updated.add(variable)) {
        throw new IllegalStateException(
            node + ": " + variable + " is already updated in this graph");
      }
    }
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      String name = (scope.isEmpty() ? "" : scope + "/") + op.name() + "#" + nodes.size();
      results.add(append(i == 0 ? name : name + "." + i, types.get(i), new Value.Result(node, i)));
    }
    node.results(results);
    nodes.add(node);
    return node;
  }

  /**
   * Marks a value as one that will be read after a run, and returns it.
   *
   * @throws IllegalArgumentException if it is the value of a variable, which is read from the
   *     engine, before or after a run, or belongs to another graph
   */
  public Value output(Value value) {
    if (value.graph() != this) {
      throw new IllegalArgumentException("Output " + value + " belongs to another graph");
    }
    if (value.origin() instanceof Value.Held) {
      throw new IllegalArgumentException(
          "Output " + value + " is a variable: read it from the engine instead");
    }
    if (!outputs.contains(value)) {
      outputs.add(value);
    }
    return value;
  }

  /** Nodes appended until the returned scope is closed stand in {@code name}, nested by dots. */
  public Scope scope(String name) {
    String before = scope;
    scope = before.isEmpty() ? name : before + "." + name;
    return () -> scope = before;
  }

  /** Nodes appended until the returned scope is closed belong to {@code name} of the step. */
  public Scope phase(Node.Phase name) {
    Node.Phase before = phase;
    phase = name;
    return () -> phase = before;
  }

  /** Like {@link #scope} but from the root: the place of a node that belongs to an earlier one. */
  Scope scopeOf(Node node) {
    String before = scope;
    scope = node.scope();
    return () -> scope = before;
  }

  private Value append(String name, TensorType type, Value.Origin origin) {
    Value value = new Value(this, values.size(), name, type, origin);
    values.add(value);
    return value;
  }

  /** All values, by id. */
  public List<Value> values() {
    return Collections.unmodifiableList(values);
  }

  /** All nodes in the order in which they were appended. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** Values that are fed. */
  public List<Value> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /** Values that will be read. */
  public List<Value> outputs() {
    return Collections.unmodifiableList(outputs);
  }

  /** Variables that the graph reads or updates, in the order of their first use. */
  public List<Variable> variables() {
    return List.copyOf(held.keySet());
  }

  /** A part of the graph's text; closing it goes back to what was before. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
