package org.sigmoe.bench.work;

import static org.sigmoe.bench.shape.Dimension.D_MODEL;
import static org.sigmoe.bench.shape.Dimension.SUB_KEYS;

import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.ProductKeyScores;
import org.sigmoe.nn.graph.op.ProductKeyTopK;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.nn.graph.op.WeightedGather;

/** The parts of a lookup in a product-key memory: four heads, of which each selects 32 values. */
final class KeyOps {
  private static final int HEADS = 4;
  private static final int CHOSEN = 32;

  private KeyOps() {}

  static void scores(TimedGraph timed, Sizes sizes) {
    int half = sizes.get(D_MODEL) / 2;
    int keys = sizes.get(SUB_KEYS);
    Value query = timed.floats("query", Contents.normal(1), sizes.tokens(), 2 * half);
    Value keysA = timed.floats("keysA", Contents.normal(1), HEADS, keys, half);
    Value keysB = timed.floats("keysB", Contents.normal(1), HEADS, keys, half);
    ProductKeyScores.Halves halves = ProductKeyScores.of(query, keysA, keysB);
    timed.graph().output(halves.a());
    timed.graph().output(halves.b());
  }

  static void topK(TimedGraph timed, Sizes sizes) {
    int keys = sizes.get(SUB_KEYS);
    Value a = timed.floats("a", Contents.normal(1), sizes.tokens(), HEADS, keys);
    Value b = timed.floats("b", Contents.normal(1), sizes.tokens(), HEADS, keys);
    ProductKeyTopK.Chosen chosen = ProductKeyTopK.of(a, b, chosen(sizes));
    timed.graph().output(chosen.scores());
    timed.graph().output(chosen.indices());
  }

  static void gather(TimedGraph timed, Sizes sizes) {
    Value values =
        timed.floats("values", Contents.normal(1), valueCount(sizes), sizes.get(D_MODEL));
    timed
        .graph()
        .output(WeightedGather.of(values, indices(timed, sizes), weights(timed, sizes), 2));
  }

  static void gatherGradient(TimedGraph timed, Sizes sizes) {
    Value dy = timed.floats("dy", Contents.normal(1), sizes.tokens(), sizes.get(D_MODEL));
    Route.Result route = Route.of(indices(timed, sizes), valueCount(sizes));
    timed
        .graph()
        .output(
            timed
                .graph()
                .apply(
                    new WeightedGather.ValueGradient(HEADS * chosen(sizes)),
                    dy,
                    weights(timed, sizes),
                    route.order(),
                    route.offsets())
                .result(0));
  }

  private static Value indices(TimedGraph timed, Sizes sizes) {
    return timed.integers(
        "indices", Contents.below(valueCount(sizes)), sizes.tokens(), HEADS, chosen(sizes));
  }

  private static Value weights(TimedGraph timed, Sizes sizes) {
    return timed.floats("weights", Contents.uniform(0, 1), sizes.tokens(), HEADS, chosen(sizes));
  }

  private static int valueCount(Sizes sizes) {
    return Math.multiplyExact(sizes.get(SUB_KEYS), sizes.get(SUB_KEYS));
  }

  private static int chosen(Sizes sizes) {
    return Math.min(CHOSEN, valueCount(sizes));
  }
}
