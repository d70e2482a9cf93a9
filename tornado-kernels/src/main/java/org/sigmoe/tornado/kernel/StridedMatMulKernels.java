package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Products of {@link MatMulKernels} of one size side by side, whose operands and results are parts
 * of larger arrays: heads of product keys, for example.
 *
 * <p>Its loop is the one of {@link MatMulKernels#byTiles}, written out again: TornadoVM refuses
 * ("unable to build sketch") a kernel that calls a method with such a loop and its arrays. f32;
 * sums in an order fixed by the sizes. OpenCL and CUDA.
 */
public final class StridedMatMulKernels {
  /** Elements of c a thread computes each way. */
  private static final int VALUES = 4;

  private static final int EDGE = 16 * VALUES;

  private StridedMatMulKernels() {}

  /**
   * For number g of the group along y: c = op(a) op(b), where a begins at element firstA + g stepA
   * of its array, and b and c likewise. Strides of the operands, chunks and parts as for {@link
   * MatMulKernels#byTiles}. Launch shape: {@link #shape}.
   *
   * @param rowC elements of c from one row to the next
   * @param partC elements of c from one part of the sums to the next
   */
  public static void product(
      KernelContext context,
      FloatArray a,
      FloatArray b,
      FloatArray c,
      int m,
      int n,
      int k,
      int firstA,
      int stepA,
      int rowA,
      int innerA,
      int firstB,
      int stepB,
      int innerB,
      int columnB,
      int firstC,
      int stepC,
      int rowC,
      int partC,
      int chunk) {
    int values = VALUES;
    int edge = 16 * values;
    int pitch = edge + MatMulKernels.PAD;
    // Local arrays are named only in this method: handed to a helper they are addressed wrongly.
    float[] tileA = context.allocateFloatLocalArray(MatMulKernels.STEP * pitch);
    float[] tileB = context.allocateFloatLocalArray(MatMulKernels.STEP * pitch);
    // These live in registers: all loops over them have constant bounds and are unrolled.
    float[] sums = new float[values * values];
    float[] left = new float[values];
    float[] right = new float[values];

    int startA = firstA + context.groupIdy * stepA;
    int startB = firstB + context.groupIdy * stepB;
    int startC = firstC + context.groupIdy * stepC;
    int thread = context.localIdx;
    int threadColumn = thread & 15;
    int threadRow = thread >> 4;
    int columnTiles = (n + edge - 1) / edge;
    int rowTiles = (m + edge - 1) / edge;
    int firstColumn = (context.groupIdx % columnTiles) * edge;
    int rest = context.groupIdx / columnTiles;
    int firstRow = (rest % rowTiles) * edge;
    int part = rest / rowTiles;
    int end = Math.min(k, (part + 1) * chunk);

    for (int i = 0; i < values; i++) {
      for (int j = 0; j < values; j++) {
        sums[i * values + j] = 0f;
      }
    }
    for (int first = part * chunk; first < end; first += MatMulKernels.STEP) {
      // All loads before the first store, so that they are under way together.
      for (int i = 0; i < values; i++) {
        int row = firstRow + MatMulKernels.across(thread + i * LaunchShapes.GROUP, edge, innerA);
        int term = first + MatMulKernels.along(thread + i * LaunchShapes.GROUP, edge, innerA);
        left[i] = MatMulKernels.element(a, startA, row, m, rowA, term, end, innerA);
      }
      for (int j = 0; j < values; j++) {
        int column =
            firstColumn + MatMulKernels.across(thread + j * LaunchShapes.GROUP, edge, innerB);
        int term = first + MatMulKernels.along(thread + j * LaunchShapes.GROUP, edge, innerB);
        right[j] = MatMulKernels.element(b, startB, column, n, columnB, term, end, innerB);
      }
      for (int i = 0; i < values; i++) {
        int term = MatMulKernels.along(thread + i * LaunchShapes.GROUP, edge, innerA);
        tileA[term * pitch + MatMulKernels.across(thread + i * LaunchShapes.GROUP, edge, innerA)] =
            left[i];
      }
      for (int j = 0; j < values; j++) {
        int term = MatMulKernels.along(thread + j * LaunchShapes.GROUP, edge, innerB);
        tileB[term * pitch + MatMulKernels.across(thread + j * LaunchShapes.GROUP, edge, innerB)] =
            right[j];
      }
      context.localBarrier();
      for (int term = 0; term < MatMulKernels.STEP; term++) {
        for (int i = 0; i < values; i++) {
          left[i] = tileA[term * pitch + threadRow * values + i];
        }
        for (int j = 0; j < values; j++) {
          // Columns of a thread are 16 apart: neighbours read neighbouring banks, and store so.
          float factor = tileB[term * pitch + threadColumn + j * 16];
          for (int i = 0; i < values; i++) {
            sums[i * values + j] += left[i] * factor;
          }
        }
      }
      context.localBarrier();
    }
    for (int i = 0; i < values; i++) {
      int row = firstRow + threadRow * values + i;
      if (row < m) {
        for (int j = 0; j < values; j++) {
          int column = firstColumn + threadColumn + j * 16;
          if (column < n) {
            c.set(startC + part * partC + row * rowC + column, sums[i * values + j]);
          }
        }
      }
    }
  }

  /** The launch shape of {@code count} products. */
  public static WorkerGrid shape(int count, int m, int n, int parts) {
    int tiles = Math.ceilDiv(m, EDGE) * Math.ceilDiv(n, EDGE);
    return LaunchShapes.groups(Math.multiplyExact(tiles, parts), count);
  }
}
