package org.sigmoe.xl.analysis;

import java.util.List;
import org.sigmoe.xl.eval.EvaluationResult;

/**
 * How a text uses a model.
 *
 * @param result how well the text was predicted, and how many tokens there were
 * @param layers from the first to the last; those that offer nothing are missing
 */
public record ModelAnalysis(EvaluationResult result, List<LayerAnalysis> layers) {

  /** Copies the layers. */
  public ModelAnalysis {
    layers = List.copyOf(layers);
  }
}
