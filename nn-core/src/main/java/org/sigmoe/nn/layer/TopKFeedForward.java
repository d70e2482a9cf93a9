package org.sigmoe.nn.layer;

import java.util.List;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.ColumnNorms;
import org.sigmoe.nn.graph.op.KeepLargest;

/**
 * The dense network of which each token keeps its K largest hidden units (Csordas et al. 2023,
 * section 3.1): y = W2 top-K(dropout(ReLU(W1 x + b1))) + b2. Dropout comes before the choice, units
 * that tie with the K-th largest are kept, and gradients pass through kept units only.
 *
 * <p>Parameters and their initialisation are those of {@link DenseFeedForward}. All products are
 * computed in full: the family shows what an approximation may drop, and saves no time.
 */
public final class TopKFeedForward implements FeedForward {

  /** By what the units of a token are ranked. */
  public enum Ranking {
    /** By the unit itself, u_i, as in the published runs. */
    ACTIVATION,
    /** By the length of what it adds to the output, u_i ||v_i||, v_i being column i of W2. */
    CONTRIBUTION
  }

  private final TwoLayerNetwork network;
  private final int k;
  private final Ranking ranking;

  TopKFeedForward(FeedForwardConfig.Placement placement, TopKConfig config) {
    this.network = new TwoLayerNetwork(placement, config.dFeedForward());
    this.k = config.k();
    this.ranking = config.ranking();
  }

  @Override
  public int dModel() {
    return network.dModel();
  }

  @Override
  public List<Parameter> parameters() {
    return network.parameters();
  }

  @Override
  public Output apply(BuildContext context, Value x) {
    Value units = network.units(context, x);
    Value kept =
        switch (ranking) {
          case ACTIVATION -> KeepLargest.of(units, null, k);
          case CONTRIBUTION ->
              KeepLargest.of(units, ColumnNorms.of(network.outputWeights(context)), k);
        };
    return network.output(context, kept);
  }
}
