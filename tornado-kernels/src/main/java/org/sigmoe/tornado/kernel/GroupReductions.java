package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Reductions over the threads of a work group of {@value LaunchShapes#GROUP}, by trees in local
 * memory: always in the same order. All threads of the group must call them.
 *
 * <p>TornadoVM inlines them. Each call allocates local memory of its own (1 KB), because a local
 * array that is handed to a method as an argument is addressed wrongly; so a call in a loop of
 * unknown length is not possible.
 */
final class GroupReductions {
  private GroupReductions() {}

  /** Sum over each {@code lanes} adjacent threads, a power of two; each of them gets it. */
  static float sum(KernelContext context, float value, int lanes) {
    float[] values = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    int thread = context.localIdx;
    int lane = thread % lanes;
    values[thread] = value;
    for (int step = lanes / 2; step > 0; step /= 2) {
      context.localBarrier();
      if (lane < step) {
        values[thread] += values[thread + step];
      }
    }
    context.localBarrier();
    return values[thread - lane];
  }

  /** Maximum over each {@code lanes} adjacent threads, as {@link #sum}. */
  static float max(KernelContext context, float value, int lanes) {
    float[] values = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    int thread = context.localIdx;
    int lane = thread % lanes;
    values[thread] = value;
    for (int step = lanes / 2; step > 0; step /= 2) {
      context.localBarrier();
      if (lane < step) {
        values[thread] = TornadoMath.max(values[thread], values[thread + step]);
      }
    }
    context.localBarrier();
    return values[thread - lane];
  }

  /** Sum over all threads of one number modulo {@code lanes}, a power of two; each gets it. */
  static float sumAcross(KernelContext context, float value, int lanes) {
    float[] values = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    int thread = context.localIdx;
    values[thread] = value;
    for (int step = LaunchShapes.GROUP / 2; step >= lanes; step /= 2) {
      context.localBarrier();
      if (thread < step) {
        values[thread] += values[thread + step];
      }
    }
    context.localBarrier();
    return values[thread % lanes];
  }
}
