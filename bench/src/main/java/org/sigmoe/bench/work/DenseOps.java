package org.sigmoe.bench.work;

import static org.sigmoe.bench.shape.Dimension.BATCH;
import static org.sigmoe.bench.shape.Dimension.CONTEXT;
import static org.sigmoe.bench.shape.Dimension.D_FEED_FORWARD;
import static org.sigmoe.bench.shape.Dimension.D_MODEL;
import static org.sigmoe.bench.shape.Dimension.HEADS;
import static org.sigmoe.bench.shape.Dimension.HEAD_SIZE;
import static org.sigmoe.bench.shape.Dimension.MEMORY;
import static org.sigmoe.bench.shape.Dimension.VOCABULARY;

import java.util.List;
import java.util.Map;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Adam;
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.RelativeAttention;

/**
 * What surrounds the feed-forward block. Gradients are fed what the forward pass would have left,
 * of the right size if not of the right sum, so that they can be timed alone.
 */
final class DenseOps {
  private static final float EPSILON = 1e-5f;

  private DenseOps() {}

  static void attention(TimedGraph timed, Sizes sizes) {
    Node node =
        timed
            .graph()
            .apply(
                new RelativeAttention(AttentionWindow.MEMORY),
                attended(timed, sizes).toArray(Value[]::new));
    node.results().forEach(timed.graph()::output);
  }

  /** With the forward pass, whose log-sum-exp the gradient relies on. */
  static void attentionGradient(TimedGraph timed, Sizes sizes) {
    List<Value> operands = attended(timed, sizes);
    Node node =
        timed
            .graph()
            .apply(new RelativeAttention(AttentionWindow.MEMORY), operands.toArray(Value[]::new));
    Value y = timed.graph().output(node.result(0));
    Value dy = timed.input("dy", y.type(), Contents.normal(1));
    // All but the length of memory, which is no float.
    List<Value> wanted = operands.subList(0, operands.size() - 1);
    Gradients.of(Map.of(y, dy), wanted).forEach(timed.graph()::output);
  }

  private static List<Value> attended(TimedGraph timed, Sizes sizes) {
    int batch = sizes.get(BATCH);
    int context = sizes.get(CONTEXT);
    int keys = sizes.get(MEMORY) + context;
    int heads = sizes.get(HEADS);
    int size = sizes.get(HEAD_SIZE);
    int width = heads * size;
    return List.of(
        timed.floats("q", Contents.normal(1), batch, context, width),
        timed.floats("kv", Contents.normal(1), batch, keys, 2 * width),
        timed.floats("r", Contents.normal(1), keys, width),
        timed.floats("u", Contents.normal(0.1), heads, size),
        timed.floats("v", Contents.normal(0.1), heads, size),
        timed.floats("scale", Contents.of((float) (1 / Math.sqrt(size))), 1),
        timed.integers("length", Contents.of(sizes.get(MEMORY)), 1));
  }

  static void layerNorm(TimedGraph timed, Sizes sizes) {
    int width = sizes.get(D_MODEL);
    Node node =
        timed
            .graph()
            .apply(
                new LayerNorm(EPSILON),
                timed.floats("x", Contents.normal(1), sizes.tokens(), width),
                timed.floats("gain", Contents.normal(1), width),
                timed.floats("bias", Contents.normal(1), width));
    node.results().forEach(timed.graph()::output);
  }

  static void layerNormGradient(TimedGraph timed, Sizes sizes) {
    int width = sizes.get(D_MODEL);
    Node node =
        timed
            .graph()
            .apply(
                new LayerNorm.Gradient(),
                timed.floats("dy", Contents.normal(1), sizes.tokens(), width),
                timed.floats("x", Contents.normal(1), sizes.tokens(), width),
                timed.floats("gain", Contents.normal(1), width),
                timed.floats("mean", Contents.normal(0.01), sizes.tokens()),
                timed.floats("rstd", Contents.uniform(0.9, 1.1), sizes.tokens()));
    node.results().forEach(timed.graph()::output);
  }

  static void crossEntropy(TimedGraph timed, Sizes sizes) {
    Node node =
        timed.graph().apply(new CrossEntropy(), logits(timed, sizes), targets(timed, sizes));
    node.results().forEach(timed.graph()::output);
  }

  static void crossEntropyGradient(TimedGraph timed, Sizes sizes) {
    double lse = Math.log(sizes.get(VOCABULARY)) + 0.5;
    Node node =
        timed
            .graph()
            .apply(
                new CrossEntropy.Gradient(),
                logits(timed, sizes),
                targets(timed, sizes),
                timed.floats("lse", Contents.uniform(lse, lse + 0.1), sizes.tokens()),
                timed.floats("dnll", Contents.uniform(0.5, 1), sizes.tokens()));
    timed.graph().output(node.result(0));
  }

  private static Value logits(TimedGraph timed, Sizes sizes) {
    return timed.floats("logits", Contents.normal(1), sizes.tokens(), sizes.get(VOCABULARY));
  }

  private static Value targets(TimedGraph timed, Sizes sizes) {
    return timed.integers("targets", Contents.below(sizes.get(VOCABULARY)), sizes.tokens());
  }

  static void adam(TimedGraph timed, Sizes sizes) {
    int rows = sizes.get(D_FEED_FORWARD);
    int columns = sizes.get(D_MODEL);
    Value parameter = timed.updated("parameter", Contents.normal(1), rows, columns);
    Value mean = timed.updated("mean", Contents.normal(0.01), rows, columns);
    Value meanSquare = timed.updated("meanSquare", Contents.uniform(1e-4, 1e-3), rows, columns);
    timed
        .graph()
        .apply(
            new Adam(0.9, 0.999, 1e-8),
            parameter,
            mean,
            meanSquare,
            timed.floats("gradient", Contents.normal(0.02), rows, columns),
            timed.floats("factor", Contents.of(1f), 1),
            timed.floats("schedule", Contents.of(2.5e-4f, 1f, 1f), 3));
  }
}
