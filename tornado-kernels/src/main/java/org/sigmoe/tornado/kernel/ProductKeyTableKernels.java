package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Scores of all values of a product-key memory, summed over heads, and their gradient.
 *
 * <p>scoresA, dscoresA [rows, heads, keysA]; scoresB, dscoresB [rows, heads, keysB]; y, dy [rows,
 * keysA, keysB]. f32. OpenCL and CUDA.
 */
public final class ProductKeyTableKernels {
  private ProductKeyTableKernels() {}

  /**
   * y[row, i, j] = sum over heads of scoresA[row, head, i] + scoresB[row, head, j]. Launch shape:
   * {@link LaunchShapes#elements} of y.
   */
  public static void forward(
      KernelContext context,
      FloatArray scoresA,
      FloatArray scoresB,
      int elements,
      int heads,
      int keysA,
      int keysB,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int e = first; e < end; e += LaunchShapes.GROUP) {
      int row = e / (keysA * keysB);
      int i = e / keysB % keysA;
      int j = e % keysB;
      float sum = 0f;
      for (int head = row * heads; head < (row + 1) * heads; head++) {
        sum += scoresA.get(head * keysA + i) + scoresB.get(head * keysB + j);
      }
      y.set(e, sum);
    }
  }

  /**
   * dscoresA[row, head, i] = sum over j of dy[row, i, j], for every head the same. Launch shape:
   * {@link LaunchShapes#rows} of rows * keysA, keysB.
   */
  public static void gradientA(
      KernelContext context,
      FloatArray dy,
      int rows,
      int heads,
      int keysA,
      int keysB,
      FloatArray dscoresA) {
    int lanes = LaunchShapes.lanes(keysB);
    int lane = context.localIdx % lanes;
    int key = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int end = key < rows * keysA ? keysB : 0;
    float sum = 0f;
    for (int j = lane; j < end; j += lanes) {
      sum += dy.get(key * keysB + j);
    }
    float total = GroupReductions.sum(context, sum, lanes);
    int last = key < rows * keysA ? heads : 0;
    for (int head = lane; head < last; head += lanes) {
      dscoresA.set((key / keysA * heads + head) * keysA + key % keysA, total);
    }
  }

  /**
   * dscoresB[row, head, j] = sum over i of dy[row, i, j], for every head the same. Launch shape:
   * {@link LaunchShapes#elements} of rows * keysB.
   */
  public static void gradientB(
      KernelContext context,
      FloatArray dy,
      int rows,
      int heads,
      int keysA,
      int keysB,
      FloatArray dscoresB) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, rows * keysB);
    for (int e = first; e < end; e += LaunchShapes.GROUP) {
      int row = e / keysB;
      int j = e % keysB;
      float sum = 0f;
      for (int i = 0; i < keysA; i++) {
        sum += dy.get((row * keysA + i) * keysB + j);
      }
      for (int head = 0; head < heads; head++) {
        dscoresB.set((row * heads + head) * keysB + j, sum);
      }
    }
  }
}
