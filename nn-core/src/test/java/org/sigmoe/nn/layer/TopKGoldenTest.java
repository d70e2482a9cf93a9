package org.sigmoe.nn.layer;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.golden.BlockGraph;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTensors;
import org.sigmoe.nn.testing.golden.GoldenTests;

/** {@link TopKFeedForward} against the paper's own code, on every engine. */
class TopKGoldenTest {
  private static final String NAME = "block";

  @TestFactory
  Stream<DynamicContainer> agreesWithThePapersCode() throws IOException {
    return GoldenTests.of(
        "families", golden -> golden.family().equals("topk"), _ -> TopKGoldenTest::check);
  }

  private static void check(GoldenCase golden, GoldenTensors tensors, EngineSession session) {
    TopKFeedForward.Ranking ranking =
        golden.hyperFlag("norm", false)
            ? TopKFeedForward.Ranking.CONTRIBUTION
            : TopKFeedForward.Ranking.ACTIVATION;
    FeedForward block =
        new TopKConfig(golden.hyper("dff"), golden.hyper("K"), ranking)
            .build(new FeedForwardConfig.Placement(NAME, golden.hyper("d"), 1, 0));
    GoldenRunner.writeParameters(block, NAME + ".", tensors, session);
    BlockGraph graph = new BlockGraph(block, golden.shape("mlp_x"));
    float[] weights = tensors.floats("g");
    try (EngineSession.Run run = graph.run(session, tensors.floats("mlp_x"), weights)) {
      float[] out = run.fetch(graph.out());
      tensors.compare("mlp_out", out);
      tensors.compare("mlp_loss", GoldenRunner.dot(out, weights));
      tensors.compare("mlp_middle", run.fetch(graph.observed(Observed.UNITS)));
      tensors.compare("mlp_grad_x", run.fetch(graph.gradientOfX()));
      GoldenRunner.compareGradients(block, NAME + ".", "mlp_", tensors, graph.gradients(), run);
    }
  }
}
