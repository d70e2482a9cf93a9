package org.sigmoe.xl.model;

import java.util.List;
import java.util.stream.Stream;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Layer;
import org.sigmoe.nn.layer.Linear;
import org.sigmoe.nn.layer.Parameter;

/**
 * Multi-head attention with relative positions (Dai et al. 2019, section 3.3, with one learned
 * scale and biases of each head; the op {@link RelativeAttention} has the equation), and its
 * projections, which have no biases.
 *
 * <p>Parameters, named as in the paper's code: {@code scale} [1], from 1/sqrt(P); {@code s_bias}
 * [1], which that code has and does not use; {@code global_content_bias} and {@code
 * global_pos_bias} [H, P], from zeros; {@code pos_to_pq.weight} [H*P, D]; {@code data_to_kv.weight}
 * [H*2*P, D]; {@code data_to_q.weight} [H*P, D]; {@code multi_head_merge.weight} [D, H*P].
 */
public final class RelativeAttentionLayer implements Layer {
  private final Parameter scale;
  private final Parameter unusedBias;
  private final Parameter contentBias;
  private final Parameter positionBias;
  private final Linear position;
  private final Linear keysAndValues;
  private final Linear query;
  private final Linear merge;

  /** The attention of one layer, whose parameters' names begin with {@code name}. */
  public RelativeAttentionLayer(String name, ModelConfig config) {
    int d = config.dModel();
    int width = config.attentionWidth();
    Shape perHead = Shape.of(config.heads(), config.headSize());
    float initialScale = (float) (1 / Math.sqrt(config.headSize()));
    Initializer fromModel = Initializer.preLayerNorm(d, config.layers());
    Initializer fromHeads = Initializer.preLayerNorm(width, config.layers());
    Initializer zeros = Initializer.zeros();
    this.scale =
        Parameter.undecayed(
            name + ".scale", Shape.scalar(), new Initializer.Constant(initialScale));
    this.unusedBias = Parameter.unused(name + ".s_bias", Shape.scalar(), zeros);
    this.contentBias = Parameter.undecayed(name + ".global_content_bias", perHead, zeros);
    this.positionBias = Parameter.undecayed(name + ".global_pos_bias", perHead, zeros);
    this.position = Linear.unbiased(name + ".pos_to_pq", d, width, fromModel);
    this.keysAndValues = Linear.unbiased(name + ".data_to_kv", d, 2 * width, fromModel);
    this.query = Linear.unbiased(name + ".data_to_q", d, width, fromModel);
    this.merge = Linear.unbiased(name + ".multi_head_merge", width, d, fromHeads);
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.concat(
            Stream.of(scale, unusedBias, contentBias, positionBias),
            Stream.of(position, keysAndValues, query, merge)
                .flatMap(layer -> layer.parameters().stream()))
        .toList();
  }

  /** Projected queries [B, T, H*P] of x [B, T, D], what asks. */
  public Value queries(BuildContext context, Value x) {
    return query.product(context, x);
  }

  /** Projected keys and values [B, .., H*2*P] of x [B, .., D]. */
  public Value keysAndValues(BuildContext context, Value x) {
    return keysAndValues.product(context, x);
  }

  /** Projected positions [S, H*P] of the encodings [S, D]. */
  public Value positionKeys(BuildContext context, Value positions) {
    return position.product(context, positions);
  }

  /**
   * Attends and merges the heads.
   *
   * @param queries [B, T, H*P], of x
   * @param keysAndValues [B, S, H*2*P], of memory and then of x
   * @param positionKeys [S, H*P]
   * @param past the memory: how much of its S - T positions holds something and is seen
   * @return [B, T, D]
   */
  public Value apply(
      BuildContext context,
      Value queries,
      Value keysAndValues,
      Value positionKeys,
      Memory.Past past) {
    Value heads =
        RelativeAttention.of(
            past.window(),
            queries,
            keysAndValues,
            positionKeys,
            context.read(contentBias),
            context.read(positionBias),
            context.read(scale),
            past.filled());
    return merge.product(context, heads);
  }
}
