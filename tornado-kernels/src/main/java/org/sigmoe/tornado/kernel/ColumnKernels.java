package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Chosen elements of each row, and the way back. Launch shape, unless a kernel names another:
 * {@link LaunchShapes#elements} of the result. f32. OpenCL and CUDA.
 */
public final class ColumnKernels {
  private ColumnKernels() {}

  /**
   * y[row, i] = f(x[row, indices[row, i]]). A thread for each element of the result, which waits
   * for an index and then for what it names. Launch shape: {@link #gatherThreads}.
   *
   * @param x [rows, columns]
   * @param indices i32[rows, k]
   * @param elements rows * k
   * @param activation number of f in {@link ActivationFunctions}
   * @param y [rows, k]
   */
  public static void gather(
      KernelContext context,
      FloatArray x,
      IntArray indices,
      int elements,
      int columns,
      int k,
      int activation,
      FloatArray y) {
    int i = context.groupIdx * LaunchShapes.GROUP + context.localIdx;
    if (i < elements) {
      float read = x.get(i / k * columns + indices.get(i));
      y.set(i, ActivationFunctions.value(activation, read));
    }
  }

  /** Launch shape of {@link #gather}. */
  public static WorkerGrid gatherThreads(int elements) {
    return LaunchShapes.groups(Math.ceilDiv(elements, LaunchShapes.GROUP));
  }

  /**
   * y[row, indices[row, i]] = x[row, i], and 0 elsewhere: an element looks for its index.
   *
   * @param x [rows, k]
   * @param indices i32[rows, k], in each row distinct
   * @param elements rows * columns
   * @param y [rows, columns]
   */
  public static void scatter(
      KernelContext context,
      FloatArray x,
      IntArray indices,
      int elements,
      int columns,
      int k,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int at = i / columns * k;
      int column = i % columns;
      float found = 0f;
      for (int j = at; j < at + k; j++) {
        if (indices.get(j) == column) {
          found = x.get(j);
        }
      }
      y.set(i, found);
    }
  }

  /**
   * sum[row, c] += x[row, i] f'(y[row, c]) for c = indices[row, i]. Launch shape: {@link
   * LaunchShapes#elements} of x.
   *
   * @param x [rows, k]
   * @param indices i32[rows, k], in each row distinct
   * @param y [rows, columns], results of the activation f
   * @param elements rows * k
   * @param activation number of f in {@link ActivationFunctions}
   * @param sum [rows, columns]
   */
  public static void addActivationGradient(
      KernelContext context,
      FloatArray x,
      IntArray indices,
      FloatArray y,
      int elements,
      int columns,
      int k,
      int activation,
      FloatArray sum) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int at = i / k * columns + indices.get(i);
      float gradient = ActivationFunctions.gradient(activation, x.get(i), y.get(at));
      sum.set(at, sum.get(at) + gradient);
    }
  }
}
