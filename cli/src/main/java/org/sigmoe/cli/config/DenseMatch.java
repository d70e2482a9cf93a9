package org.sigmoe.cli.config;

import java.util.Locale;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.ParameterMatching;

/**
 * How near a feed-forward block has come to the parameters of the dense one that it was sized to.
 *
 * @param dFeedForward width of the dense block
 * @param dense its parameters
 * @param block parameters of the block, one of the model's
 */
public record DenseMatch(int dFeedForward, long dense, long block) {

  static DenseMatch of(Settings settings, int dModel, FeedForwardConfig block) {
    DenseConfig dense = FamilyOptions.dense(settings);
    return new DenseMatch(
        dense.dFeedForward(),
        ParameterMatching.parameters(dense, dModel),
        ParameterMatching.parameters(block, dModel));
  }

  /** How many parameters a block has more than the dense one; negative if it has fewer. */
  public long difference() {
    return block - dense;
  }

  /** The difference, in a sentence. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "each feed-forward block has %,d parameters, %+,d (%+.4f%%) against dense with dFeedForward"
            + " %d",
        block,
        difference(),
        100.0 * difference() / dense,
        dFeedForward);
  }
}
