package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.sigmoe.bench.model.ModelShape;

/**
 * Relative multi-head attention of one Transformer-XL layer:
 *
 * <pre>score[i, j] = scale * ((q_i + u) . k_j + (q_i + v) . r_{j - i - M})</pre>
 *
 * <p>It does what a careful PyTorch user does: the scale goes on the queries, which are smaller
 * than the scores; r is computed for visible offsets only and its products run over all streams at
 * once, because r does not differ between them; the shift is a view; the sum of both scores comes
 * with the content product. Heads lie outside streams, [H, B, ...], so that no tensor of the
 * scores' size is ever copied to change its order.
 */
final class RelativeAttention {
  private final ModelShape shape;
  private final TorchParameters parameters;
  private final String prefix;
  private final RelativePositions positions;
  private final AttentionKernel kernel;

  RelativeAttention(
      ModelShape shape,
      TorchParameters parameters,
      String layerPrefix,
      RelativePositions positions,
      AttentionKernel kernel) {
    this.shape = shape;
    this.parameters = parameters;
    this.prefix = layerPrefix + "self_attn.";
    this.positions = positions;
    this.kernel = kernel;
  }

  /**
   * The attention of the last T positions to all.
   *
   * @param normed [B, S, d], normed memory and context
   * @return [B, T, d]
   */
  Tensor forward(Tensor normed) {
    long streams = shape.batch();
    long queries = shape.context();
    long seen = normed.size(1);
    long heads = shape.heads();
    long headDim = shape.headDim();

    Tensor scale = parameters.get(prefix + "scale");
    Tensor query =
        linear(normed.narrow(1, seen - queries, queries), weight("data_to_q"))
            .view(streams, queries, heads, headDim)
            .permute(2, 0, 1, 3)
            .contiguous()
            .mul(scale);
    Tensor contentQuery = query.add(bias("global_content_bias", scale));
    Tensor positionQuery = query.add(bias("global_pos_bias", scale));

    TensorVector keyAndValue =
        linear(normed, weight("data_to_kv"))
            .view(streams, seen, heads, 2, headDim)
            .permute(3, 2, 0, 1, 4)
            .contiguous()
            .unbind(0);
    Tensor key = keyAndValue.get(0);
    Tensor value = keyAndValue.get(1);

    Tensor offsets =
        linear(positions.sinusoids(seen), weight("pos_to_pq"))
            .view(seen + 1, heads, headDim)
            .permute(1, 2, 0);
    Tensor positionScores =
        RelativePositions.shift(
            positionQuery
                .view(heads, streams * queries, headDim)
                .bmm(offsets)
                .view(heads * streams, queries, seen + 1));

    Tensor attended =
        switch (kernel) {
          case BATCHED_MATMUL -> batchedMatmul(contentQuery, key, value, positionScores);
          case SCALED_DOT_PRODUCT -> scaledDotProduct(contentQuery, key, value, positionScores);
        };
    Tensor joined =
        attended
            .view(heads, streams, queries, headDim)
            .permute(1, 2, 0, 3)
            .reshape(streams, queries, heads * headDim);
    return linear(joined, weight("multi_head_merge"));
  }

  private Tensor batchedMatmul(Tensor query, Tensor key, Tensor value, Tensor positionScores) {
    long groups = positionScores.size(0);
    long queries = positionScores.size(1);
    long seen = positionScores.size(2);
    long headDim = shape.headDim();
    Tensor scores =
        positionScores.baddbmm(
            query.view(groups, queries, headDim), key.view(groups, seen, headDim).transpose(1, 2));
    scores.add_(positions.causalMask(seen));
    return scores.softmax(-1).bmm(value.view(groups, seen, headDim));
  }

  private Tensor scaledDotProduct(Tensor query, Tensor key, Tensor value, Tensor positionScores) {
    long queries = positionScores.size(1);
    long seen = positionScores.size(2);
    Tensor mask =
        positionScores
            .add(positions.causalMask(seen))
            .view(shape.heads(), shape.batch(), queries, seen);
    return scaled_dot_product_attention(
        query, key, value, new TensorOptional(mask), 0, false, new DoubleOptional(1), false);
  }

  private Tensor weight(String name) {
    return parameters.get(prefix + name + ".weight");
  }

  /** A bias of each head, [H, 1, 1, P], scaled as the queries are. */
  private Tensor bias(String name, Tensor scale) {
    return parameters.get(prefix + name).mul(scale).view(shape.heads(), 1, 1, shape.headDim());
  }
}
