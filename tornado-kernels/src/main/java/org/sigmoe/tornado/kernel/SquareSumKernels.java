package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Sums of squares of several arrays by one kernel: those of a model's gradients, of which most are
 * so small that starting a kernel takes longer than reading them. f32, in an order fixed by the
 * sizes. OpenCL and CUDA.
 */
public final class SquareSumKernels {
  /** Arrays of {@link #partialSquares}. */
  public static final int ARRAYS = 8;

  private SquareSumKernels() {}

  /** Work groups for an array of so many elements. */
  public static int groups(int elements) {
    return elements == 0 ? 0 : ReductionKernels.groups(elements);
  }

  /**
   * A sum of squares for each work group, of which the first ones have x0, the next x1 and so on,
   * {@link #groups} each. Launch shape: {@link LaunchShapes#groups(int)} of all.
   *
   * @param n0 elements of x0, and so on; 0 for no more arrays
   * @param first where the sums go in {@code sums}
   */
  public static void partialSquares(
      KernelContext context,
      FloatArray x0,
      FloatArray x1,
      FloatArray x2,
      FloatArray x3,
      FloatArray x4,
      FloatArray x5,
      FloatArray x6,
      FloatArray x7,
      int n0,
      int n1,
      int n2,
      int n3,
      int n4,
      int n5,
      int n6,
      int n7,
      int first,
      FloatArray sums) {
    int thread = context.localIdx;
    int group = context.groupIdx;
    float sum = squares(x0, n0, group, thread);
    group -= groups(n0);
    sum += squares(x1, n1, group, thread);
    group -= groups(n1);
    sum += squares(x2, n2, group, thread);
    group -= groups(n2);
    sum += squares(x3, n3, group, thread);
    group -= groups(n3);
    sum += squares(x4, n4, group, thread);
    group -= groups(n4);
    sum += squares(x5, n5, group, thread);
    group -= groups(n5);
    sum += squares(x6, n6, group, thread);
    group -= groups(n6);
    sum += squares(x7, n7, group, thread);
    float total = GroupReductions.sum(context, sum, LaunchShapes.GROUP);
    if (thread == 0) {
      sums.set(first + context.groupIdx, total);
    }
  }

  /** A thread's part of an array's squares; 0 for a group that is none of the array's. */
  private static float squares(FloatArray x, int elements, int group, int thread) {
    int groups = groups(elements);
    // The sign of both: TornadoVM has lost one of two conditions that are joined.
    int end = (group | (groups - 1 - group)) >= 0 ? elements : 0;
    float sum = 0f;
    for (int i = Math.max(group, 0) * LaunchShapes.GROUP + thread;
        i < end;
        i += groups * LaunchShapes.GROUP) {
      float element = x.get(i);
      sum += element * element;
    }
    return sum;
  }
}
