package org.sigmoe.bench.work;

import static org.sigmoe.bench.shape.Dimension.D_FEED_FORWARD;
import static org.sigmoe.bench.shape.Dimension.D_MODEL;

import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;

/** Plain matrix products. */
final class ProductOps {
  private ProductOps() {}

  static void matMul(TimedGraph timed, Sizes sizes) {
    int width = sizes.get(D_MODEL);
    Value x = timed.floats("x", Contents.normal(1), sizes.tokens(), width);
    Value w = timed.floats("w", Contents.normal(1), sizes.get(D_FEED_FORWARD), width);
    timed.graph().output(MatMul.linear(x, w));
  }

  static void weightGradient(TimedGraph timed, Sizes sizes) {
    Value x = timed.floats("x", Contents.normal(1), sizes.tokens(), sizes.get(D_MODEL));
    Value dy = timed.floats("dy", Contents.normal(1), sizes.tokens(), sizes.get(D_FEED_FORWARD));
    timed.graph().output(MatMul.of(dy, Transpose.YES, x, Transpose.NO));
  }
}
