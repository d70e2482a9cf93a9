package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Value;

/** Sizes as kernels take them. */
final class Elements {
  private Elements() {}

  /** Number of elements; an array on the device has fewer than an int can count. */
  static int of(Value value) {
    return Math.toIntExact(value.shape().elements());
  }
}
