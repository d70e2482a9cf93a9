package org.sigmoe.pkm.golden;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.golden.BlockGraph;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTensors;
import org.sigmoe.pkm.Compat;
import org.sigmoe.pkm.Nonlinearity;
import org.sigmoe.pkm.PkmConfig;
import org.sigmoe.pkm.QueryProjection;
import org.sigmoe.pkm.Selection;
import org.sigmoe.pkm.SoftmaxScope;
import org.sigmoe.pkm.ValueInitialisation;

/**
 * A memory of the code of Csordas et al. 2023, which decides itself whether anything is selected.
 */
final class PaperRunner implements GoldenRunner {
  private static final String NAME = "block";
  private static final String PREFIX = NAME + ".pkm.";

  @Override
  public void run(GoldenCase golden, GoldenTensors tensors, EngineSession session) {
    FeedForward block =
        config(golden).build(new FeedForwardConfig.Placement(NAME, golden.hyper("d"), 1, 0));
    GoldenRunner.writeParameters(block, PREFIX, tensors, session);
    BlockGraph graph = new BlockGraph(block, golden.shape("x"));
    float[] weights = tensors.floats("g");
    try (EngineSession.Run run = graph.run(session, tensors.floats("x"), weights)) {
      float[] out = run.fetch(graph.out());
      tensors.compare("out", out);
      tensors.compare("loss", GoldenRunner.dot(out, weights));
      tensors.compare("grad_x", run.fetch(graph.gradientOfX()));
      GoldenRunner.compareGradients(block, PREFIX, "", tensors, graph.gradients(), run);
      if (golden.has("value_index")) {
        tensors.compareSelected(
            "value_index",
            run.fetchIntegers(graph.observed(Observed.KEYS)),
            Map.of("value_weight", run.fetch(graph.observed(Observed.KEY_WEIGHTS))));
      }
    }
  }

  private static PkmConfig config(GoldenCase golden) {
    return new PkmConfig(
        golden.shape("keys.0")[1],
        Optional.of(golden.shape("keys.1")[1]),
        golden.hyper("heads"),
        golden.hyper("knn"),
        Selection.TOP_K,
        Nonlinearity.valueOf(golden.hyperText("act", "?").toUpperCase(Locale.ROOT)),
        SoftmaxScope.JOINT,
        projection(golden),
        ValueInitialisation.BY_MODEL_WIDTH,
        Compat.PAPER_CODE);
  }

  private static QueryProjection projection(GoldenCase golden) {
    if (golden.has("query_proj.bias")) {
      return QueryProjection.LINEAR_WITH_BIAS;
    }
    return golden.has("query_proj.weight") ? QueryProjection.LINEAR : QueryProjection.NONE;
  }
}
