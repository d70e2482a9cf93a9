package org.sigmoe.tornado.kernel;

import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.nn.graph.op.GaussianNoise;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The standard normal numbers of {@link GaussianNoise}. f32. OpenCL and CUDA. */
public final class GaussianNoiseKernels {
  private static final float FULL_TURN = (float) (2 * Math.PI);

  private GaussianNoiseKernels() {}

  /**
   * y, of which a thread makes two adjacent elements. Launch shape: {@link LaunchShapes#elements}
   * of half as many, rounded up.
   *
   * @param key i32[2], seed and step
   * @param site number of the place where noise is drawn
   */
  public static void noise(
      KernelContext context, IntArray key, int elements, int site, FloatArray y) {
    int key1 = DropoutKernels.key1(key, site);
    int key2 = DropoutKernels.key2(key, site);
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, (elements + 1) / 2);
    for (int pair = first; pair < end; pair += LaunchShapes.GROUP) {
      int i = 2 * pair;
      float u = GaussianNoise.radiusDraw(DropoutMask.hash(i, key1, key2));
      float turn = GaussianNoise.turnDraw(DropoutMask.hash(i + 1, key1, key2));
      float radius = TornadoMath.sqrt(-2f * TornadoMath.log(u));
      float angle = FULL_TURN * turn;
      y.set(i, radius * TornadoMath.cos(angle));
      if (i + 1 < elements) {
        y.set(i + 1, radius * TornadoMath.sin(angle));
      }
    }
  }
}
