package org.sigmoe.xl.generate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.xl.model.GenerationGraph;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.Memory;

/** A compiled graph that reads T tokens of one text at a time. */
final class GenerationStep implements AutoCloseable {
  private final GenerationGraph graph;
  private final int tokens;
  private final Program program;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment input;
  private final MemorySegment memoryFilled;
  private final MemorySegment logits;

  GenerationStep(LanguageModel model, int tokens, Memory memory, Engine engine) {
    this.graph = GenerationGraph.of(model, tokens, memory);
    this.tokens = tokens;
    this.program = engine.compile(graph.graph());
    this.input = arena.allocate(graph.tokens().type().bytes(), Integer.BYTES);
    this.memoryFilled = arena.allocate(ValueLayout.JAVA_INT);
    this.logits = arena.allocate(graph.logits().type().bytes(), Float.BYTES);
    graph.prepare(engine);
  }

  /** T, how many tokens a run reads. */
  int tokens() {
    return tokens;
  }

  /**
   * Reads T tokens.
   *
   * @param text holds them from {@code begin} on
   * @param filled positions of memory that hold something
   * @return positions that do afterwards
   */
  int run(int[] text, int begin, int filled) {
    MemorySegment.copy(text, begin, input, ValueLayout.JAVA_INT, 0, tokens);
    memoryFilled.set(ValueLayout.JAVA_INT, 0, filled);
    program.feed(graph.tokens(), input);
    program.feed(graph.memoryFilled(), memoryFilled);
    program.run();
    return graph.memory().filledAfter(filled, tokens);
  }

  /** Logits [T, V] of the last run; overwritten by the next call. */
  MemorySegment logits() {
    program.fetch(graph.logits(), logits);
    return logits;
  }

  @Override
  public void close() {
    program.close();
    arena.close();
  }
}
