package org.sigmoe.bench.work;

import static org.sigmoe.bench.shape.Dimension.D_MODEL;
import static org.sigmoe.bench.shape.Dimension.EXPERTS;
import static org.sigmoe.bench.shape.Dimension.EXPERT_SIZE;
import static org.sigmoe.bench.shape.Dimension.K;

import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.TopK;
import org.sigmoe.nn.graph.op.Transpose;

/** Ops whose rows are routed to experts; the load of the experts is nearly even. */
final class RoutedOps {
  private RoutedOps() {}

  static void gather(TimedGraph timed, Sizes sizes) {
    Value x = timed.floats("x", Contents.normal(1), sizes.tokens(), sizes.get(D_MODEL));
    Value m =
        timed.floats(
            "m",
            Contents.normal(1),
            sizes.get(EXPERTS),
            sizes.get(D_MODEL),
            sizes.get(EXPERT_SIZE));
    timed.graph().output(GatherMatMul.of(x, m, sorted(timed, sizes), sizes.get(K), Transpose.NO));
  }

  static void scatter(TimedGraph timed, Sizes sizes) {
    int k = sizes.get(K);
    int size = sizes.get(EXPERT_SIZE);
    Value a = timed.floats("a", Contents.normal(1), sizes.tokens() * k, size);
    Value m = timed.floats("m", Contents.normal(1), sizes.get(EXPERTS), size, sizes.get(D_MODEL));
    Value weights = timed.floats("weights", Contents.uniform(0, 1), sizes.tokens(), k);
    Shape result = Shape.of(sizes.tokens(), sizes.get(D_MODEL));
    timed
        .graph()
        .output(ScatterMatMul.of(a, m, weights, sorted(timed, sizes), k, Transpose.NO, result));
  }

  static void outerProduct(TimedGraph timed, Sizes sizes) {
    int k = sizes.get(K);
    Value g = timed.floats("g", Contents.normal(1), sizes.tokens(), sizes.get(D_MODEL));
    Value z = timed.floats("z", Contents.normal(1), sizes.tokens() * k, sizes.get(EXPERT_SIZE));
    Route.Result route = sorted(timed, sizes);
    Node node =
        timed
            .graph()
            .apply(
                new GroupedOuterProduct(
                    k, sizes.get(EXPERTS), GroupedOuterProduct.Side.LEFT, false),
                g,
                z,
                route.order(),
                route.offsets());
    timed.graph().output(node.result(0));
  }

  static void route(TimedGraph timed, Sizes sizes) {
    int k = sizes.get(K);
    Value indices =
        timed.integers(
            "indices",
            (random, elements) ->
                Contents.of(
                        RoutedData.random(sizes.tokens(), k, sizes.get(EXPERTS), random.nextLong())
                            .indices())
                    .fill(random, elements),
            sizes.tokens(),
            k);
    output(timed, Route.of(indices, sizes.get(EXPERTS)));
  }

  static void topK(TimedGraph timed, Sizes sizes) {
    Value scores = timed.floats("scores", Contents.normal(1), sizes.tokens(), sizes.get(EXPERTS));
    timed.graph().output(TopK.of(scores, sizes.get(K)));
  }

  static void router(TimedGraph timed, Sizes sizes) {
    Value x = timed.floats("x", Contents.normal(1), sizes.tokens(), sizes.get(D_MODEL));
    double deviation = 1 / Math.sqrt(sizes.get(D_MODEL));
    Value w3 =
        timed.floats("w3", Contents.normal(deviation), sizes.get(EXPERTS), sizes.get(D_MODEL));
    Value scores = Activate.of(Activation.SIGMOID, MatMul.linear(x, w3), null, null);
    Value chosen = TopK.of(scores, sizes.get(K));
    timed.graph().output(GatherColumns.of(scores, chosen));
    output(timed, Route.of(chosen, sizes.get(EXPERTS)));
  }

  private static void output(TimedGraph timed, Route.Result route) {
    timed.graph().output(route.order());
    timed.graph().output(route.offsets());
    timed.graph().output(route.counts());
  }

  /** Sorted slots that are fed. */
  private static Route.Result sorted(TimedGraph timed, Sizes sizes) {
    RoutedData data =
        RoutedData.random(sizes.tokens(), sizes.get(K), sizes.get(EXPERTS), timed.seed());
    Value order = timed.integers("order", Contents.of(data.order()), data.order().length);
    Value offsets = timed.integers("offsets", Contents.of(data.offsets()), data.offsets().length);
    return new Route.Result(order, offsets, offsets);
  }
}
