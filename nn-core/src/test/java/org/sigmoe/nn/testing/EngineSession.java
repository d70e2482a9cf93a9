package org.sigmoe.nn.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.optim.AdamWUpdate;

/** An engine for tests, with arrays in place of segments. */
public final class EngineSession implements AutoCloseable {
  private final Engine engine;

  private EngineSession(Engine engine) {
    this.engine = engine;
  }

  /** Every engine that tests run on. */
  public static List<EngineProvider> engines() {
    return TestedEngines.atHand();
  }

  /** Opens an engine whose buffers hold NaN before each run. */
  public static EngineSession open(EngineProvider provider) {
    return new EngineSession(
        provider.open(
            TestedEngines.options(provider.name())
                .withThreads(2)
                .withBuffers(EngineOptions.BufferFill.POISON)));
  }

  /** The engine itself. */
  public Engine engine() {
    return engine;
  }

  /** Compiles a graph. */
  public Run compile(Graph graph) {
    return new Run(engine.compile(graph));
  }

  /** Sets a variable. */
  public void write(Variable variable, float... elements) {
    try (Arena arena = Arena.ofConfined()) {
      engine.write(variable, arena.allocateFrom(ValueLayout.JAVA_FLOAT, elements));
    }
  }

  /** Gets a variable. */
  public float[] read(Variable variable) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(variable.type().bytes(), Float.BYTES);
      engine.read(variable, target);
      return target.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  @Override
  public void close() {
    engine.close();
  }

  /** A compiled graph. */
  public static final class Run implements AutoCloseable {
    private final Program program;

    private Run(Program program) {
      this.program = program;
    }

    /** Sets a float input. */
    public Run feed(Value input, float... elements) {
      program.feed(input, elements);
      return this;
    }

    /** Sets an integer input. */
    public Run feed(Value input, int... elements) {
      program.feed(input, elements);
      return this;
    }

    /** Feeds what a step of the optimiser needs. */
    public Run feed(AdamWUpdate update, long step, double learningRate) {
      update.feed(program, step, learningRate);
      return this;
    }

    /** Runs all nodes. */
    public void run() {
      program.run();
    }

    /** Gets a float output of the last run. */
    public float[] fetch(Value output) {
      return program.fetchFloats(output);
    }

    /** Gets an integer output of the last run. */
    public int[] fetchIntegers(Value output) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment target = arena.allocate(output.type().bytes(), Integer.BYTES);
        program.fetch(output, target);
        return target.toArray(ValueLayout.JAVA_INT);
      }
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
