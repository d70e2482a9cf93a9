package org.sigmoe.bench.peer;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Gives temporaries back as early as Python's reference counting would. A Java handle keeps its
 * tensor's memory until a scope closes; were that the end of the step, libtorch could not use the
 * memory of forward again in backward, and the peer would be slower than PyTorch is.
 */
final class Temporaries {
  private Temporaries() {}

  /**
   * Runs {@code ops}, then frees every handle that it made but its result, which goes to the scope
   * around this call. The result must be a tensor that {@code ops} made, not one that an in-place
   * operation returned: that is a second handle to the same tensor.
   *
   * @throws IllegalStateException if there is no scope around this call
   */
  static Tensor freedAfter(Supplier<Tensor> ops) {
    PointerScope outer = PointerScope.getInnerScope();
    if (outer == null) {
      throw new IllegalStateException("temporaries are only freed inside a PointerScope: open one");
    }
    try (PointerScope inner = new PointerScope()) {
      Tensor result = ops.get();
      outer.attach(result);
      inner.detach(result);
      return result;
    }
  }
}
