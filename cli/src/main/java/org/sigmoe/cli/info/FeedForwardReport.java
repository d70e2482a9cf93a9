package org.sigmoe.cli.info;

import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.FeedForwards;
import org.sigmoe.nn.layer.Footprint;
import org.sigmoe.nn.layer.ParameterMatching;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.ModelConfig;

/**
 * What the feed-forward blocks of a model take; all its layers have the same.
 *
 * @param family for example {@code dense}
 * @param block what one block takes
 * @param equalDense what the dense block takes that has, as nearly as can be, as many parameters
 */
public record FeedForwardReport(String family, Footprint block, Footprint equalDense) {

  static FeedForwardReport of(LanguageModel model, int batch) {
    ModelConfig config = model.config();
    Footprint block = model.layers().getFirst().feedForward().footprint(batch, config.context());
    int width = ParameterMatching.size(DenseConfig::new, config.dModel(), block.parameters());
    Footprint dense =
        new DenseConfig(width)
            .build(
                new FeedForwardConfig.Placement(
                    "dense", config.dModel(), config.layers(), config.dropout()))
            .footprint(batch, config.context());
    return new FeedForwardReport(
        FeedForwards.familyOf(config.feedForward()).family(), block, dense);
  }

  /**
   * FLOPs of a block in percent of the dense block that has as many parameters as the block of
   * {@code baseline}.
   */
  public double percentOfDense(FeedForwardReport baseline) {
    return 100 * block.flopsPerToken() / baseline.equalDense.flopsPerToken();
  }
}
