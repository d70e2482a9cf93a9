package org.sigmoe.bench.work;

import java.util.function.BiConsumer;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.nn.graph.Graph;

/** One op alone, or the few that always come together, at the sizes that a model has for it. */
public enum OpWork implements Work {
  /** x [N, D] times W [F, D] transposed: the first layer of a dense block. */
  MATMUL("matmul", ProductOps::matMul),
  /** The weight gradient of {@link #MATMUL}. */
  MATMUL_GRADIENT("matmul-weight-gradient", ProductOps::weightGradient),
  /** Rows gathered by expert, times its first matrix. */
  GATHER_MATMUL("gather-matmul", RoutedOps::gather),
  /** Rows of experts times the second matrix, weighted and added up by token. */
  SCATTER_MATMUL("scatter-matmul", RoutedOps::scatter),
  /** The gradient for the experts' first matrices. */
  GROUPED_OUTER_PRODUCT("grouped-outer-product", RoutedOps::outerProduct),
  /** Sorting slots by expert. */
  ROUTE("route", RoutedOps::route),
  /** The K greatest of E scores. */
  TOP_K("top-k", RoutedOps::topK),
  /** Logits, sigmoids, top-K, weights and sorting. */
  ROUTER("router", RoutedOps::router),
  /** Queries of four heads times the sub-keys of both halves. */
  PRODUCT_KEY_SCORES("product-key-scores", KeyOps::scores),
  /** The 32 best pairs of each head. */
  PRODUCT_KEY_TOP_K("product-key-top-k", KeyOps::topK),
  /** The weighted sum of the values of all chosen pairs. */
  WEIGHTED_GATHER("weighted-gather", KeyOps::gather),
  /** The gradient of {@link #WEIGHTED_GATHER} for the values. */
  WEIGHTED_GATHER_GRADIENT("weighted-gather-value-gradient", KeyOps::gatherGradient),
  /** Relative attention with full memory. */
  ATTENTION("attention", DenseOps::attention),
  /** The same, then all its gradients. */
  ATTENTION_GRADIENT("attention-with-gradient", DenseOps::attentionGradient),
  /** Layer normalisation. */
  LAYER_NORM("layer-norm", DenseOps::layerNorm),
  /** All its gradients. */
  LAYER_NORM_GRADIENT("layer-norm-gradient", DenseOps::layerNormGradient),
  /** Cross-entropy of logits [N, V]. */
  CROSS_ENTROPY("cross-entropy", DenseOps::crossEntropy),
  /** Its gradient. */
  CROSS_ENTROPY_GRADIENT("cross-entropy-gradient", DenseOps::crossEntropyGradient),
  /** A step of Adam for the parameters of one dense block's layer, [F, D]. */
  ADAM("adam", DenseOps::adam);

  private final String label;
  private final BiConsumer<TimedGraph, Sizes> builder;

  OpWork(String label, BiConsumer<TimedGraph, Sizes> builder) {
    this.label = "op/" + label;
    this.builder = builder;
  }

  @Override
  public String label() {
    return label;
  }

  /** The op with its data. */
  public TimedGraph timed(Sizes sizes, long seed) {
    TimedGraph timed = new TimedGraph(seed);
    builder.accept(timed, sizes);
    return timed;
  }

  @Override
  public Graph graph(Sizes sizes) {
    return timed(sizes, 0).graph();
  }
}
