package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Reductions over a warp that TornadoVM has none of its own for. No local memory, no barriers; all
 * lanes must call them. CUDA only.
 */
final class WarpReductions {
  private WarpReductions() {}

  /** Maximum over a warp; each lane gets it. */
  static float max(KernelContext context, float value) {
    float max = value;
    for (int step = LaunchShapes.WARP / 2; step > 0; step /= 2) {
      max = TornadoMath.max(max, context.simdShuffleDown(max, step));
    }
    return context.simdBroadcastFirst(max);
  }
}
