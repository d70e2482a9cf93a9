package org.sigmoe.xl.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.layer.BuildContext;

/**
 * The position keys of all layers, kept in variables: with fixed parameters they need computing
 * once, not for every token that is generated.
 *
 * @param model whose they are
 * @param keys S, number of keys that a query sees
 * @param layers one variable [S, H*P] for each layer
 */
public record PositionKeys(LanguageModel model, int keys, List<Variable> layers) {

  /** Not computed yet. */
  public static PositionKeys of(LanguageModel model, int keys) {
    TensorType type = TensorType.f32(keys, model.config().attentionWidth());
    return new PositionKeys(
        model,
        keys,
        IntStream.range(0, model.config().layers())
            .mapToObj(layer -> new Variable("layers." + layer + ".position_keys", type))
            .toList());
  }

  /** The kept values in a graph. */
  public List<Value> read(Graph graph) {
    return layers.stream().map(graph::read).toList();
  }

  /** Computes them from the parameters that the engine holds now. */
  public void compute(Engine engine) {
    Graph graph = new Graph();
    List<Value> computed = model.positionKeys(BuildContext.evaluation(graph), keys);
    computed.forEach(graph::output);
    try (Program program = engine.compile(graph);
        Arena arena = Arena.ofConfined()) {
      MemorySegment elements = arena.allocate(computed.getFirst().type().bytes(), Float.BYTES);
      program.run();
      for (int i = 0; i < layers.size(); i++) {
        program.fetch(computed.get(i), elements);
        engine.write(layers.get(i), elements);
      }
    }
  }
}
