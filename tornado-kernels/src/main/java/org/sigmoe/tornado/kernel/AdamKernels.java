package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The update of a parameter by Adam with decoupled weight decay (Loshchilov and Hutter 2019), and
 * the factor that clips gradients by their global norm (Pascanu et al. 2013). What changes from
 * step to step lies in arrays.
 *
 * <p>f32. OpenCL and CUDA.
 */
public final class AdamKernels {
  private AdamKernels() {}

  /**
   * norm [1] = sqrt(squaredNorm [1]), factor [1] = min(1, maxNorm / (norm + 1e-6)). Launch shape:
   * {@link LaunchShapes#groups(int)} of 1.
   */
  public static void clipFactor(
      KernelContext context,
      FloatArray squaredNorm,
      float maxNorm,
      FloatArray norm,
      FloatArray factor) {
    if (context.globalIdx == 0) {
      float length = TornadoMath.sqrt(squaredNorm.get(0));
      norm.set(0, length);
      factor.set(0, TornadoMath.min(1f, maxNorm / (length + 1e-6f)));
    }
  }

  /**
   * One step, in place. With g = gradient * factor:
   *
   * <pre>
   * mean       = beta1 * mean + oneMinusBeta1 * g
   * meanSquare = beta2 * meanSquare + oneMinusBeta2 * g * g
   * parameter  = parameter * decay - stepSize * mean / (sqrt(meanSquare) / correction + epsilon)
   * </pre>
   *
   * <p>Launch shape: {@link LaunchShapes#elements}.
   *
   * @param parameter [elements], as are mean, meanSquare and gradient
   * @param factor [1]
   * @param schedule stepSize, correction and decay
   * @param oneMinusBeta1 taken in double: in float, 1 - 0.999 is off by 1.3e-5
   */
  public static void adam(
      KernelContext context,
      FloatArray parameter,
      FloatArray mean,
      FloatArray meanSquare,
      FloatArray gradient,
      FloatArray factor,
      FloatArray schedule,
      int elements,
      float beta1,
      float oneMinusBeta1,
      float beta2,
      float oneMinusBeta2,
      float epsilon) {
    float clip = factor.get(0);
    float stepSize = schedule.get(0);
    float correction = schedule.get(1);
    float decay = schedule.get(2);
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      float g = gradient.get(i) * clip;
      float m = beta1 * mean.get(i) + oneMinusBeta1 * g;
      float v = beta2 * meanSquare.get(i) + oneMinusBeta2 * (g * g);
      mean.set(i, m);
      meanSquare.set(i, v);
      float change = stepSize * m / (TornadoMath.sqrt(v) / correction + epsilon);
      parameter.set(i, parameter.get(i) * decay - change);
    }
  }
}
