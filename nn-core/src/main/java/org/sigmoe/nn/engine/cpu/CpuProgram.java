package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.sigmoe.nn.engine.HostMemory;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;

/** A graph as a list of kernels on fixed addresses. */
final class CpuProgram implements Program {
  private final CpuEngine engine;
  private final Graph graph;
  private final Arena arena;
  private final Tensors tensors;
  private final Compiler compiler;
  private final Kernel[] kernels;
  private final long bytes;

  private CpuProgram(
      CpuEngine engine,
      Graph graph,
      BufferPlan plan,
      long planned,
      Arena arena,
      Compiler compiler) {
    this.engine = engine;
    this.graph = graph;
    this.arena = arena;
    this.compiler = compiler;
    this.tensors = compiler.tensors();
    plan.order().forEach(compiler::compile);
    this.kernels = compiler.finish();
    this.bytes = planned + compiler.bytes();
  }

  /** Plans, allocates and compiles; frees everything again if that fails half-way. */
  static CpuProgram compile(CpuEngine engine, Graph graph) {
    BufferPlan plan = BufferPlan.of(graph);
    long planned = plan.bytes() + Tensors.fixedBytes(graph);
    HostMemory.require("this graph", planned + newVariables(engine, graph));
    Arena arena = Arena.ofShared();
    Compiler compiler = null;
    try {
      compiler =
          new Compiler(
              engine, arena, new Tensors(engine, arena, graph, plan), new Fusions(graph, plan));
      return new CpuProgram(engine, graph, plan, planned, arena, compiler);
    } catch (RuntimeException | Error e) {
      if (compiler != null) {
        compiler.close();
      }
      arena.close();
      throw e;
    }
  }

  private static long newVariables(CpuEngine engine, Graph graph) {
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
    CpuEngine.checkSize(input, input.type(), data);
    MemorySegment.copy(data, 0, tensors.segment(input), 0, data.byteSize());
  }

  @Override
  public void run() {
    tensors.prepare(engine.options().buffers());
    for (Kernel kernel : kernels) {
      engine.pool().run(kernel);
    }
  }

  @Override
  public void fetch(Value output, MemorySegment target) {
    if (!graph.outputs().contains(output)) {
      throw new IllegalArgumentException(output + " is not an output of this program");
    }
    CpuEngine.checkSize(output, output.type(), target);
    MemorySegment.copy(tensors.segment(output), 0, target, 0, target.byteSize());
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    compiler.close();
    arena.close();
  }
}
