package org.sigmoe.nn.engine.reference;

import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.DropoutMask;

/** The factors of one dropout: 0 where an element is dropped, the scale where it is kept. */
final class Mask {
  private final int key1;
  private final int key2;
  private final int threshold;
  private final double scale;

  private Mask(Tensor key, int site, float rate, double scale) {
    this.key1 = DropoutMask.key1(key.intAt(0), key.intAt(1), site);
    this.key2 = DropoutMask.key2(key.intAt(0), key.intAt(1), site);
    this.threshold = DropoutMask.threshold(rate);
    this.scale = scale;
  }

  /**
   * The mask of a site.
   *
   * @param key seed and step
   */
  static Mask of(Dropout op, Tensor key) {
    return switch (op.scaling()) {
      case INVERTED -> inverted(key, op.site(), op.rate());
      case NONE -> new Mask(key, op.site(), op.rate(), 1);
    };
  }

  /**
   * The mask of a site that keeps the mean.
   *
   * @param key seed and step
   */
  static Mask inverted(Tensor key, int site, float rate) {
    return new Mask(key, site, rate, 1 / (1 - (double) rate));
  }

  double apply(int index, double value) {
    return DropoutMask.keeps(index, key1, key2, threshold) ? value * scale : 0;
  }
}
