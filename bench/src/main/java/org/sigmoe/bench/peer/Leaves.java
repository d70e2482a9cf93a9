package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.randn;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Trained tensors that belong to nobody's scope. */
final class Leaves {
  /** About the size that weights of such layers have. */
  private static final double DEVIATION = 0.05;

  private Leaves() {}

  /** Normally distributed; whoever asks closes it. */
  static Tensor normal(long... shape) {
    try (PointerScope _ = new PointerScope()) {
      Tensor tensor = randn(shape).mul(new Scalar(DEVIATION)).<Tensor>retainReference();
      tensor.requires_grad_(true);
      return tensor;
    }
  }
}
