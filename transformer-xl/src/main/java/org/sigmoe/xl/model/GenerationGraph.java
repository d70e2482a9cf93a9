package org.sigmoe.xl.model;

import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.BuildContext;

/**
 * The next token's logits after each of T tokens of one text; memory moves on by T. A graph of one
 * token generates; one of more tokens, with the same {@link Memory}, reads a prompt in fewer runs.
 * With {@link MemoryKind#KEYS_AND_VALUES} a run computes nothing of earlier tokens again.
 *
 * <p>Order of calls: {@link #prepare} once, and again whenever parameters have changed; then for
 * each run feed {@link #tokens} and {@link #memoryFilled}.
 *
 * @param graph the whole program
 * @param memory what is carried from run to run
 * @param tokens input i32[1, T]
 * @param memoryFilled input i32[1]: how many positions of memory hold something
 * @param logits output [1, T, V]
 * @param positionKeys what {@link #prepare} computes
 */
public record GenerationGraph(
    Graph graph,
    Memory memory,
    Value tokens,
    Value memoryFilled,
    Value logits,
    PositionKeys positionKeys) {

  /**
   * A graph that reads {@code tokens} tokens a run.
   *
   * @throws IllegalArgumentException if the memory is not of one row
   */
  public static GenerationGraph of(LanguageModel model, int tokens, Memory memory) {
    if (memory.batch() != 1) {
      throw new IllegalArgumentException(
          "Generation continues one text, but the memory has %d rows".formatted(memory.batch()));
    }
    Graph graph = new Graph();
    Segment segment = Segment.of(graph, 1, tokens);
    PositionKeys positionKeys = PositionKeys.of(model, memory.length() + tokens);
    LanguageModel.Output out =
        model.apply(
            BuildContext.evaluation(graph),
            segment.tokens(),
            memory,
            segment.memoryFilled(),
            positionKeys.read(graph));
    return new GenerationGraph(
        graph,
        memory,
        segment.tokens(),
        segment.memoryFilled(),
        graph.output(out.logits()),
        positionKeys);
  }

  /** Computes what depends on the parameters alone, from those that the engine holds now. */
  public void prepare(Engine engine) {
    positionKeys.compute(engine);
  }
}
