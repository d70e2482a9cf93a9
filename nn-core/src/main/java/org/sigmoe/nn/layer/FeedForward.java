package org.sigmoe.nn.layer;

import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.DropoutSite;

/**
 * The feed-forward block of a Transformer layer seen as key-value pairs (Csordas et al. 2023, eq. 3
 * to 5): y = sum over i of alpha_i v_i, of which each family keeps a subset and finds it in its own
 * way.
 *
 * <p>A family is a {@link FeedForwardProvider} that names it, a {@link FeedForwardConfig} that
 * builds it, and an implementation of this. Blocks of two families are compared by their {@link
 * #footprint}.
 */
public interface FeedForward extends Layer {

  /** Width of input and output, D. */
  int dModel();

  /**
   * Appends the block to the graph.
   *
   * @param context training or evaluation; a family drops and regularises in training only
   * @param x the normalised input [B, T, D]
   */
  Output apply(BuildContext context, Value x);

  /** Parameters, FLOPs and activation bytes, counted from a graph of {@code batch} x {@code T}. */
  default Footprint footprint(int batch, int context) {
    return Footprint.of(this, batch, context);
  }

  /**
   * What a block gives: y = product + bias. The bias is kept apart because the end of the residual
   * branch adds it in the same pass as dropout and residual ({@link #addTo}).
   *
   * @param product [B, T, D]
   * @param bias [D]; null where the family has none
   * @param auxiliaryLoss [1], to be added to the loss as it is (already weighted); null where there
   *     is none
   */
  record Output(Value product, @Nullable Value bias, @Nullable Value auxiliaryLoss) {

    /** residual + dropout(y), the end of the residual branch. */
    public Value addTo(Value residual, @Nullable DropoutSite site) {
      return AddDropout.of(residual, product, bias, site);
    }
  }
}
