package org.sigmoe.xl.model;

import java.util.List;
import java.util.stream.IntStream;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.graph.op.AttentionWindow;

/**
 * What a model remembers of earlier segments, for each row of a batch and each layer. The graphs
 * that are built with one memory share it: a prompt read by a graph of many tokens is seen by the
 * graph that generates one token at a time.
 *
 * <p>How many of the M positions hold something is fed before each run ({@link #filledAfter}); what
 * lies in the others is not seen, so that feeding 0 forgets everything.
 *
 * @param kind what is remembered of a token
 * @param batch B, rows
 * @param length M, positions
 * @param layers one variable [B, M, C] for each layer, named {@code layers.0.memory} and so on,
 *     oldest position first
 * @param window what of it a token sees
 */
public record Memory(
    MemoryKind kind, int batch, int length, List<Variable> layers, AttentionWindow window) {

  /** An empty memory for a model, all of which every token sees. */
  public static Memory of(ModelConfig config, MemoryKind kind, int batch, int length) {
    if (batch < 1 || length < 1) {
      throw new IllegalArgumentException(
          "A memory needs at least 1 row and 1 position, got %d and %d".formatted(batch, length));
    }
    int columns =
        switch (kind) {
          case LAYER_INPUTS -> config.dModel();
          case KEYS_AND_VALUES -> 2 * config.attentionWidth();
        };
    TensorType type = TensorType.f32(batch, length, columns);
    return new Memory(
        kind,
        batch,
        length,
        IntStream.range(0, config.layers())
            .mapToObj(layer -> new Variable("layers." + layer + ".memory", type))
            .toList(),
        AttentionWindow.MEMORY);
  }

  /** The same memory, of which graphs let a token see this. */
  public Memory withWindow(AttentionWindow other) {
    return new Memory(kind, batch, length, layers, other);
  }

  /**
   * Positions that hold something after a run.
   *
   * @param filled positions that held something before it
   * @param tokens tokens of the run, T
   */
  public int filledAfter(int filled, int tokens) {
    return Math.min(length, filled + tokens);
  }

  /** What one layer sees of this memory in a graph. */
  public Past past(Graph graph, int layer, Value filled) {
    return new Past(kind, graph.read(layers.get(layer)), filled, window);
  }

  /**
   * The memory of one layer in a graph.
   *
   * @param kind what is remembered of a token
   * @param contents [B, M, C], the value of a variable
   * @param filled i32[1], how many of the M positions (the last ones) hold something
   * @param window what of it a token sees
   */
  public record Past(MemoryKind kind, Value contents, Value filled, AttentionWindow window) {}
}
