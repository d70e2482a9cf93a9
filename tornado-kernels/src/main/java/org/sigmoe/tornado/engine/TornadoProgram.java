package org.sigmoe.tornado.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;

/** A graph as task graphs over arrays that stay on the device. */
final class TornadoProgram implements Program {
  private final TornadoEngine engine;
  private final Graph graph;
  private final DeviceValues values;
  private final GraphLowering lowering;
  private final DeviceArray link;
  private final ResidentPlan plan;

  private TornadoProgram(
      TornadoEngine engine,
      Graph graph,
      DeviceValues values,
      GraphLowering lowering,
      DeviceArray link,
      ResidentPlan plan) {
    this.engine = engine;
    this.graph = graph;
    this.values = values;
    this.lowering = lowering;
    this.link = link;
    this.plan = plan;
  }

  /** Plans, allocates and compiles; frees everything again if that fails half-way. */
  static TornadoProgram compile(TornadoEngine engine, Graph graph) {
    ProgramPlan decided = ProgramPlan.of(graph, engine.backend(), engine.options().precision());
    BufferPlan buffers = decided.buffers();
    engine
        .memory()
        .require(
            decided.bytes() + DeviceValues.fixedBytes(graph) + newVariables(engine, graph),
            "This graph");
    List<AutoCloseable> made = new ArrayList<>();
    try {
      DeviceValues values =
          new DeviceValues(engine, graph, buffers, decided.sparseGradients().readLater());
      made.add(values);
      GraphLowering lowering = new GraphLowering(engine, values, decided);
      made.add(lowering);
      buffers.order().forEach(lowering::lower);
      lowering.finish();
      DeviceArray link = engine.memory().allocate(DType.I32, 1, "The link of task graphs");
      made.add(() -> engine.memory().free(link));
      Map<Object, XPUBuffer> places = lowering.buffers();
      places.put(link.name(), link.buffer());
      ResidentPlan plan =
          new ResidentPlan(
              lowering.tasks(), link.name(), places, engine.device(), engine.options().compiling());
      return new TornadoProgram(engine, graph, values, lowering, link, plan);
    } catch (RuntimeException | Error e) {
      made.reversed().forEach(part -> closeAfter(e, part));
      throw e;
    }
  }

  private static void closeAfter(Throwable failure, AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }

  private static long newVariables(TornadoEngine engine, Graph graph) {
    return graph.variables().stream()
        .filter(variable -> !engine.holds(variable))
        .mapToLong(variable -> variable.type().bytes())
        .sum();
  }

  @Override
  public void feed(Value input, MemorySegment data) {
    if (!(input.origin() instanceof Value.Input) || input.graph() != graph) {
      throw new IllegalArgumentException(input + " is not an input of this program");
    }
    checkSize(input, input.type(), data);
    engine.memory().write(values.array(input), data);
  }

  @Override
  public void run() {
    if (engine.options().buffers() == EngineOptions.BufferFill.POISON) {
      values.buffers().forEach(this::poison);
      lowering.scratchArrays().forEach(this::poison);
    }
    plan.run();
  }

  private void poison(DeviceArray array) {
    try (Arena staging = Arena.ofConfined()) {
      MemorySegment poison = staging.allocate(array.bytes(), Float.BYTES);
      for (long i = 0; i < array.elements(); i++) {
        poison.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NaN);
      }
      engine.memory().write(array, poison);
    }
  }

  @Override
  public void fetch(Value output, MemorySegment target) {
    if (!graph.outputs().contains(output)) {
      throw new IllegalArgumentException(output + " is not an output of this program");
    }
    checkSize(output, output.type(), target);
    engine.memory().read(values.array(output), target);
  }

  /** Requires data to be of exactly a tensor's size. */
  static void checkSize(Object tensor, TensorType type, MemorySegment data) {
    if (data.byteSize() != type.bytes()) {
      throw new IllegalArgumentException(
          "%s has %d bytes, got %d".formatted(tensor, type.bytes(), data.byteSize()));
    }
  }

  /** Number of task graphs that it was split into. */
  int taskGraphs() {
    return plan.graphs();
  }

  @Override
  public long bytes() {
    return values.bytes() + lowering.scratchBytes();
  }

  @Override
  public void close() {
    plan.close();
    engine.memory().free(link);
    lowering.close();
    values.close();
  }
}
