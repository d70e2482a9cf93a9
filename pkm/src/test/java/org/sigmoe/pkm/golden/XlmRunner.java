package org.sigmoe.pkm.golden;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.nn.layer.Parameter;
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
 * A memory of XLM, the code of Lample et al. 2019: a softmax for each head, and sub-keys [H, 2, n,
 * D/2] in one tensor.
 */
final class XlmRunner implements GoldenRunner {
  private static final String NAME = "block";
  private static final String KEYS = NAME + ".pkm.keys.";
  private static final String PROJECTION = NAME + ".pkm.query_proj.";

  @Override
  public void run(GoldenCase golden, GoldenTensors tensors, EngineSession session) {
    int heads = golden.hyper("heads");
    FeedForward block =
        config(golden).build(new FeedForwardConfig.Placement(NAME, golden.hyper("d"), 1, 0));
    float[] keys = tensors.floats("keys");
    for (Parameter parameter : block.parameters()) {
      session.write(parameter.variable(), elements(parameter, keys, heads, tensors));
    }
    int[] shape = golden.shape("x");
    BlockGraph graph = new BlockGraph(block, 1, shape[0], shape[1]);
    float[] weights = tensors.floats("g");
    try (EngineSession.Run run = graph.run(session, tensors.floats("x"), weights)) {
      float[] out = run.fetch(graph.out());
      tensors.compare("out", out);
      tensors.compare("loss", GoldenRunner.dot(out, weights));
      tensors.compare("grad_x", run.fetch(graph.gradientOfX()));
      tensors.compareSelected(
          "head_index",
          run.fetchIntegers(graph.observed(Observed.KEYS)),
          Map.of("head_scores", run.fetch(graph.observed(Observed.KEY_WEIGHTS))));
      compareGradients(block, graph, heads, tensors, run);
    }
  }

  private static PkmConfig config(GoldenCase golden) {
    return new PkmConfig(
        golden.hyper("n_keys"),
        Optional.empty(),
        golden.hyper("heads"),
        golden.hyper("knn"),
        Selection.TOP_K,
        Nonlinearity.SOFTMAX,
        SoftmaxScope.PER_HEAD,
        QueryProjection.LINEAR_WITH_BIAS,
        ValueInitialisation.BY_MODEL_WIDTH,
        Compat.NONE);
  }

  private static float[] elements(
      Parameter parameter, float[] keys, int heads, GoldenTensors tensors) {
    if (parameter.name().startsWith(KEYS)) {
      int half = Integer.parseInt(parameter.name().substring(KEYS.length()));
      float[] own = new float[keys.length / 2];
      copyHalf(keys, own, half, heads, Direction.OUT);
      return own;
    }
    return tensors.floats(name(parameter));
  }

  private static String name(Parameter parameter) {
    String name = parameter.name();
    return name.startsWith(PROJECTION)
        ? "query_proj.0." + name.substring(PROJECTION.length())
        : name.substring((NAME + ".pkm.").length());
  }

  private static void compareGradients(
      FeedForward block,
      BlockGraph graph,
      int heads,
      GoldenTensors tensors,
      EngineSession.Run run) {
    Map<String, float[]> ours = new LinkedHashMap<>();
    graph
        .gradients()
        .forEach((parameter, gradient) -> ours.put(parameter.name(), run.fetch(gradient)));
    float[] first = ours.get(KEYS + "0");
    float[] keys = new float[2 * first.length];
    copyHalf(keys, first, 0, heads, Direction.IN);
    copyHalf(keys, ours.get(KEYS + "1"), 1, heads, Direction.IN);
    tensors.compare("grad_keys", keys);
    for (Parameter parameter : block.parameters()) {
      if (!parameter.name().startsWith(KEYS)) {
        tensors.compare("grad_" + name(parameter), ours.get(parameter.name()));
      }
    }
  }

  private enum Direction {
    IN,
    OUT
  }

  /** Copies one half of [H, 2, each] to, or from, [H, each]. */
  private static void copyHalf(
      float[] both, float[] half, int which, int heads, Direction direction) {
    int each = half.length / heads;
    for (int head = 0; head < heads; head++) {
      int there = (2 * head + which) * each;
      switch (direction) {
        case IN -> System.arraycopy(half, head * each, both, there, each);
        case OUT -> System.arraycopy(both, there, half, head * each, each);
      }
    }
  }
}
