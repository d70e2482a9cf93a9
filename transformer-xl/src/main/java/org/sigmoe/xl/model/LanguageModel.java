package org.sigmoe.xl.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.Embedding;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Layer;
import org.sigmoe.nn.layer.LayerNorm;
import org.sigmoe.nn.layer.Linear;
import org.sigmoe.nn.layer.Parameter;

/**
 * The language model: tokens -> embedding -> dropout -> layers -> layer norm -> dropout -> logits.
 * Embedding and output are not tied.
 *
 * <p>A model is its parameters and the way to append its ops to a graph; {@link TrainingGraph},
 * {@link EvaluationGraph} and {@link GenerationGraph} are the graphs that are run. All graphs of
 * one model share its parameters.
 */
public final class LanguageModel implements Layer {
  private final ModelConfig config;
  private final Embedding embedding;
  private final List<TransformerLayer> layers;
  private final Linear output;
  private final LayerNorm outputNorm;

  /** A model of these sizes. */
  public LanguageModel(ModelConfig config) {
    int d = config.dModel();
    this.config = config;
    this.embedding =
        new Embedding("embedding", config.vocabulary(), d, new Initializer.XavierUniform());
    this.layers =
        IntStream.range(0, config.layers())
            .mapToObj(index -> new TransformerLayer("layers." + index, config))
            .toList();
    this.output =
        Linear.biased(
            "output",
            d,
            config.vocabulary(),
            Initializer.linearDefault(d),
            Initializer.linearDefault(d));
    this.outputNorm = new LayerNorm("out_norm", d);
  }

  /** The sizes of this model. */
  public ModelConfig config() {
    return config;
  }

  /** Its layers, from the first to the last. */
  public List<TransformerLayer> layers() {
    return layers;
  }

  /** All parameters, in the order in which the paper's code lists them. */
  @Override
  public List<Parameter> parameters() {
    return Stream.of(Stream.of(embedding), layers.stream(), Stream.of(output, outputNorm))
        .flatMap(parts -> parts)
        .flatMap(layer -> layer.parameters().stream())
        .toList();
  }

  /** An empty memory of {@code length} positions for {@code batch} rows. */
  public Memory memory(MemoryKind kind, int batch, int length) {
    return Memory.of(config, kind, batch, length);
  }

  /**
   * What the model gives.
   *
   * @param logits [B, T, V], of the token after each one
   * @param auxiliaryLoss [1], the sum over all layers; null where no layer has one
   */
  public record Output(Value logits, @Nullable Value auxiliaryLoss) {}

  /** Appends the model, its position keys included. */
  public Output apply(BuildContext context, Value tokens, Memory memory, Value filled) {
    int keys = memory.length() + tokens.shape().size(1);
    return apply(context, tokens, memory, filled, positionKeys(context, keys));
  }

  /**
   * Appends the model and the update of its memory.
   *
   * @param tokens i32[B, T], in [0, V)
   * @param memory of B rows
   * @param filled i32[1], how many positions of memory hold something
   * @param positionKeys for each layer [M + T, H*P]
   */
  public Output apply(
      BuildContext context, Value tokens, Memory memory, Value filled, List<Value> positionKeys) {
    Graph graph = context.graph();
    Value x = Dropout.of(embedding.apply(context, tokens), context.dropout(config.dropout()));
    @Nullable Value auxiliaryLoss = null;
    for (int index = 0; index < layers.size(); index++) {
      try (Graph.Scope _ = graph.scope("layers." + index)) {
        Memory.Past past = memory.past(graph, index, filled);
        TransformerLayer.Output out =
            layers.get(index).apply(context, x, past, positionKeys.get(index));
        x = out.y();
        auxiliaryLoss = sum(auxiliaryLoss, out.feedForward().auxiliaryLoss());
      }
    }
    try (Graph.Scope _ = graph.scope("output")) {
      Value normed = Dropout.of(outputNorm.apply(context, x), context.dropout(config.dropout()));
      return new Output(output.apply(context, normed), auxiliaryLoss);
    }
  }

  /** For each layer its projection [S, H*P] of the encodings of all offsets to S keys. */
  public List<Value> positionKeys(BuildContext context, int keys) {
    Value positions = SinusoidalPositions.table(context.graph(), keys, config.dModel());
    List<Value> projected = new ArrayList<>();
    for (int index = 0; index < layers.size(); index++) {
      try (Graph.Scope _ = context.scope("layers." + index)) {
        projected.add(layers.get(index).positionKeys(context, positions));
      }
    }
    return projected;
  }

  private static @Nullable Value sum(@Nullable Value a, @Nullable Value b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return Add.of(a, b);
  }
}
