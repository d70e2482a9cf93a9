package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.show_config;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/** Settings of libtorch that hold for the whole process; to be made before a model is. */
public final class LibTorch {
  static {
    IdleThreads.sleepAtOnce();
  }

  private LibTorch() {}

  /**
   * Lets libtorch compute with that many threads. This build of libtorch multiplies f32 matrices
   * with OpenBLAS, which has threads of its own that {@code set_num_threads} does not reach.
   *
   * @throws IllegalArgumentException if {@code threads} is not positive
   */
  public static void useThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("libtorch needs at least 1 thread, not " + threads);
    }
    set_num_threads(threads);
    openblas_nolapack.blas_set_num_threads(threads);
  }

  /** Version, BLAS and instruction set of this build of libtorch, several lines. */
  public static String description() {
    try (BytePointer text = show_config()) {
      return text.getString();
    }
  }
}
