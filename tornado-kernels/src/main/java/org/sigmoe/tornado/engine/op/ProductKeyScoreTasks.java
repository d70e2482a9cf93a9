package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.ProductKeyScores;
import org.sigmoe.tornado.kernel.ProductKeyHalf;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Tasks of {@link ProductKeyScores} and its gradient, in f32 whatever the engine's precision. */
final class ProductKeyScoreTasks {
  private ProductKeyScoreTasks() {}

  static void scores(Node node, Lowering to) {
    FloatArray query = to.floats(node.operand(0));
    for (int number = 0; number < 2; number++) {
      half(node, number)
          .addScores(
              to, query, to.floats(node.operand(1 + number)), to.floats(node.result(number)));
    }
  }

  static void gradient(Node node, Lowering to) {
    FloatArray query = to.floats(node.operand(0));
    FloatArray dquery = to.floats(node.result(0));
    for (int number = 0; number < 2; number++) {
      ProductKeyHalf half = half(node, number);
      FloatArray dscores = to.floats(node.operand(3 + number));
      half.addQueryGradient(to, dscores, to.floats(node.operand(1 + number)), dquery);
      half.addKeyGradient(to, dscores, query, to.floats(node.result(1 + number)));
    }
  }

  private static ProductKeyHalf half(Node node, int number) {
    ProductKeyScores.Sizes sizes = ProductKeyScores.sizes(node);
    int keys = number == 0 ? sizes.keysA() : sizes.keysB();
    int count = sizes.heads() / sizes.queries() * keys;
    return new ProductKeyHalf(sizes.rows(), sizes.queries(), count, sizes.half(), number);
  }
}
