package org.sigmoe.bench.work;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;

/**
 * A graph with what goes into it.
 *
 * <pre>{@code
 * TimedGraph timed = OpWork.LAYER_NORM.timed(sizes, seed);
 * timed.fill(engine);
 * Program program = engine.compile(timed.graph());
 * timed.feed(program);
 * program.run();
 * }</pre>
 */
public final class TimedGraph {
  private final Graph graph = new Graph();
  private final long seed;
  private final Map<Value, Contents> inputs = new LinkedHashMap<>();
  private final Map<Variable, Contents> variables = new LinkedHashMap<>();
  private final List<Variable> updated = new ArrayList<>();
  private boolean rounded;

  /** An empty graph, whose tensors will hold what the seed gives. */
  TimedGraph(long seed) {
    this.seed = seed;
  }

  /** The graph. */
  public Graph graph() {
    return graph;
  }

  /** From which all contents follow. */
  long seed() {
    return seed;
  }

  /** Variables that a run changes. */
  public List<Variable> updated() {
    return List.copyOf(updated);
  }

  /** An input of floats. */
  Value floats(String name, Contents contents, int... sizes) {
    return input(name, new TensorType(DType.F32, Shape.of(sizes)), contents);
  }

  /** An input of integers. */
  Value integers(String name, Contents contents, int... sizes) {
    return input(name, new TensorType(DType.I32, Shape.of(sizes)), contents);
  }

  /** An input. */
  Value input(String name, TensorType type, Contents contents) {
    Value value = graph.input(name, type);
    feed(value, contents);
    return value;
  }

  /** Says what an input of the graph holds. */
  void feed(Value input, Contents contents) {
    inputs.put(input, contents);
  }

  /** Says what a variable of the graph holds before the first run. */
  void fill(Variable variable, Contents contents) {
    variables.put(variable, contents);
  }

  /** A variable that a run changes. */
  Value updated(String name, Contents contents, int... sizes) {
    Variable variable = new Variable(name, TensorType.f32(sizes));
    fill(variable, contents);
    updated.add(variable);
    return graph.read(variable);
  }

  /**
   * Rounds all that goes in to numbers that bf16 has, so that rounding them again changes nothing.
   */
  public void round() {
    rounded = true;
  }

  /** Writes all variables. */
  public void fill(Engine engine) {
    variables.forEach(
        (variable, contents) ->
            made(
                variable.name(),
                variable.type(),
                contents,
                elements -> engine.write(variable, elements)));
  }

  /** Feeds all inputs. */
  public void feed(Program program) {
    inputs.forEach(
        (input, contents) ->
            made(input.name(), input.type(), contents, elements -> program.feed(input, elements)));
  }

  private void made(String name, TensorType type, Contents contents, Consumer<MemorySegment> use) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment elements = arena.allocate(type.bytes(), Float.BYTES);
      // Each tensor has numbers of its own, whatever stands beside it.
      contents.fill(new SplittableRandom(31 * seed + name.hashCode()), elements);
      if (rounded && type.dtype() == DType.F32) {
        Contents.roundToBf16(elements);
      }
      use.accept(elements);
    }
  }
}
