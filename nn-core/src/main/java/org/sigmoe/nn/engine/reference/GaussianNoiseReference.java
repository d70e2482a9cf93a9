package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.nn.graph.op.GaussianNoise;

/** {@link GaussianNoise}. */
final class GaussianNoiseReference {
  private GaussianNoiseReference() {}

  static List<Tensor> forward(GaussianNoise op, List<Tensor> operands) {
    Tensor key = operands.getFirst();
    int key1 = DropoutMask.key1(key.intAt(0), key.intAt(1), op.site());
    int key2 = DropoutMask.key2(key.intAt(0), key.intAt(1), op.site());
    Tensor y = Tensor.zeros(op.shape());
    for (int i = 0; i < y.size(); i++) {
      int even = i & ~1;
      double u = GaussianNoise.radiusDraw(DropoutMask.hash(even, key1, key2));
      double turn = GaussianNoise.turnDraw(DropoutMask.hash(even + 1, key1, key2));
      double radius = Math.sqrt(-2 * Math.log(u));
      double angle = 2 * Math.PI * turn;
      y.set(i, radius * (i == even ? Math.cos(angle) : Math.sin(angle)));
    }
    return List.of(y);
  }
}
