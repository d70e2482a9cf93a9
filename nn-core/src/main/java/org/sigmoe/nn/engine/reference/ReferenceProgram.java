package org.sigmoe.nn.engine.reference;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Schedule;
import org.sigmoe.nn.graph.Value;

/**
 * A graph on the reference engine. Every value of the last run can be fetched, not only the
 * outputs, as long as {@link Schedule} lets it be computed.
 */
public final class ReferenceProgram implements Program {
  private final ReferenceEngine engine;
  private final Graph graph;
  private final List<Node> order;
  private final @Nullable Tensor[] tensors;

  ReferenceProgram(ReferenceEngine engine, Graph graph) {
    this.engine = engine;
    this.graph = graph;
    requireMemory();
    this.order = Schedule.of(graph);
    this.tensors = new Tensor[graph.values().size()];
    for (Value value : graph.values()) {
      if (value.origin() instanceof Value.Constant constant) {
        tensors[value.id()] = constant(value, constant);
      }
    }
  }

  private void requireMemory() {
    long most = Runtime.getRuntime().maxMemory();
    if (bytes() > most) {
      throw new EngineException(
          "The program needs %,d bytes in double precision, the Java heap has at most %,d: raise it"
                  .formatted(bytes(), most)
              + " with -Xmx");
    }
  }

  private static Tensor constant(Value value, Value.Constant constant) {
    float[] given = constant.elements().get();
    double[] elements = new double[given.length];
    for (int i = 0; i < given.length; i++) {
      elements[i] = given[i];
    }
    return new Tensor(value.shape(), elements);
  }

  @Override
  public void feed(Value input, MemorySegment data) {
    set(input, Segments.toDoubles(input.name(), input.type(), data));
  }

  /**
   * Sets an input.
   *
   * @param input an input of the graph
   * @param elements row-major, whole numbers where the input is of integers; copied
   */
  public void feed(Value input, double[] elements) {
    set(input, elements.clone());
  }

  private void set(Value input, double[] elements) {
    requireOwn(input);
    if (!(input.origin() instanceof Value.Input)) {
      throw new IllegalArgumentException(input + " is not an input and cannot be fed");
    }
    tensors[input.id()] = new Tensor(input.shape(), elements);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if an input was never fed
   */
  @Override
  public void run() {
    for (Value input : graph.inputs()) {
      if (tensors[input.id()] == null) {
        throw new IllegalStateException("Input " + input + " was never fed; feed it before run()");
      }
    }
    for (Value value : graph.values()) {
      if (value.origin() instanceof Value.Held held) {
        tensors[value.id()] = engine.contents(held.variable());
      }
    }
    order.forEach(this::run);
  }

  /**
   * Updates go to copies, which then become the contents of the variables: a value keeps what its
   * variable held before the run, as the graph defines it.
   */
  private void run(Node node) {
    List<Tensor> operands = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      Tensor operand = tensor(node.operand(i));
      operands.add(node.op().updates().contains(i) ? operand.copy() : operand);
    }
    List<Tensor> results = Dispatch.run(node.op(), operands);
    for (int i = 0; i < node.results().size(); i++) {
      Value result = node.result(i);
      if (!results.get(i).shape().equals(result.shape())) {
        throw new IllegalStateException(
            node + " made " + results.get(i).shape() + ", not " + result);
      }
      tensors[result.id()] = results.get(i);
    }
    for (int index : node.op().updates()) {
      if (node.operand(index).origin() instanceof Value.Held held) {
        engine.replace(held.variable(), operands.get(index));
      }
    }
  }

  @Override
  public void fetch(Value output, MemorySegment target) {
    Segments.fromDoubles(output.name(), output.type(), tensor(output).elements(), target);
  }

  /**
   * Gets any value of the last run.
   *
   * @return a copy of its elements, row-major
   * @throws IllegalStateException if it was not computed: nothing ran, or no output and no variable
   *     depends on it
   */
  public double[] fetch(Value value) {
    return tensor(value).elements().clone();
  }

  private Tensor tensor(Value value) {
    requireOwn(value);
    Tensor tensor = tensors[value.id()];
    if (tensor == null) {
      throw new IllegalStateException(
          value + " was not computed: run the program; a value that nothing needs is left out");
    }
    return tensor;
  }

  private void requireOwn(Value value) {
    if (value.graph() != graph) {
      throw new IllegalArgumentException(value + " belongs to another graph than this program");
    }
  }

  @Override
  public long bytes() {
    return graph.values().stream()
        .filter(value -> !(value.origin() instanceof Value.Held))
        .mapToLong(value -> value.shape().elements() * Double.BYTES)
        .sum();
  }

  @Override
  public void close() {
    Arrays.fill(tensors, null);
  }
}
