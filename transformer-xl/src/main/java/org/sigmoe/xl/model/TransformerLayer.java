package org.sigmoe.xl.model;

import java.util.List;
import java.util.stream.Stream;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.ShiftMemory;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Layer;
import org.sigmoe.nn.layer.LayerNorm;
import org.sigmoe.nn.layer.Parameter;

/**
 * One pre-layer-norm Transformer-XL layer: a = x + dropout(attention(norm1(x), norm1(memory ++
 * x))), y = a + dropout(feedForward(norm2(a))).
 */
public final class TransformerLayer implements Layer {
  private final double dropout;
  private final RelativeAttentionLayer attention;
  private final FeedForward feedForward;
  private final LayerNorm norm1;
  private final LayerNorm norm2;

  /** A layer whose parameters' names begin with {@code name}. */
  public TransformerLayer(String name, ModelConfig config) {
    this.dropout = config.dropout();
    this.attention = new RelativeAttentionLayer(name + ".self_attn", config);
    this.feedForward =
        config
            .feedForward()
            .build(
                new FeedForwardConfig.Placement(
                    name, config.dModel(), config.layers(), config.dropout()));
    this.norm1 = new LayerNorm(name + ".norm1", config.dModel());
    this.norm2 = new LayerNorm(name + ".norm2", config.dModel());
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.of(attention, feedForward, norm1, norm2)
        .flatMap(layer -> layer.parameters().stream())
        .toList();
  }

  /** The feed-forward block. */
  public FeedForward feedForward() {
    return feedForward;
  }

  /**
   * What a layer gives.
   *
   * @param y [B, T, D]
   * @param feedForward what its feed-forward block gave
   */
  public record Output(Value y, FeedForward.Output feedForward) {}

  /** Projected positions [S, H*P] of the encodings [S, D], for {@link #apply}. */
  public Value positionKeys(BuildContext context, Value positions) {
    try (Graph.Scope _ = context.scope("self_attn")) {
      return attention.positionKeys(context, positions);
    }
  }

  /**
   * Appends the layer, and the update of its memory.
   *
   * @param x [B, T, D]
   * @param past the layer's memory
   * @param positionKeys [M + T, H*P]
   */
  public Output apply(BuildContext context, Value x, Memory.Past past, Value positionKeys) {
    Value a;
    try (Graph.Scope _ = context.scope("self_attn")) {
      Value normed = norm1.apply(context, x);
      // Before keys and values: then the gradient for their rows, which are more, is there when
      // that of the queries' product is to be added to it.
      Value queries = attention.queries(context, normed);
      Value keysAndValues = keysAndValues(context, x, normed, past);
      Value attended = attention.apply(context, queries, keysAndValues, positionKeys, past);
      a = AddDropout.of(x, attended, null, context.dropout(dropout));
    }
    try (Graph.Scope _ = context.scope("feed_forward")) {
      FeedForward.Output output = feedForward.apply(context, norm2.apply(context, a));
      return new Output(output.addTo(a, context.dropout(dropout)), output);
    }
  }

  /** Keys and values of memory and x; memory becomes what the next segment is to see. */
  private Value keysAndValues(BuildContext context, Value x, Value normed, Memory.Past past) {
    Value before = past.contents();
    return switch (past.kind()) {
      case LAYER_INPUTS -> {
        ShiftMemory.of(before, x);
        Value both = Concat.of(norm1.apply(context, before), normed);
        yield attention.keysAndValues(context, both);
      }
      case KEYS_AND_VALUES -> {
        Value own = attention.keysAndValues(context, normed);
        ShiftMemory.of(before, own);
        yield Concat.of(before, own);
      }
    };
  }
}
