package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Matrix products in f32: c = op(a) op(b) with op(a) [m, k], op(b) [k, n], c [m, n] row-major.
 *
 * <p>Operands are given by strides, so that a transposed one is not moved: element [i, p] of op(a)
 * is {@code a[i * rowA + p * innerA]}, element [p, j] of op(b) is {@code b[p * innerB + j *
 * columnB]}. For a matrix stored as it is used, {@code rowA = k, innerA = 1, innerB = n, columnB =
 * 1}; for a transposed one {@code rowA = 1, innerA = m, innerB = 1, columnB = k}. Neighbouring
 * threads read along the stride of 1 in either case.
 *
 * <p>Products and sums are f32 (fused multiply-add), sums in an order fixed by the sizes. Right on
 * OpenCL and CUDA. {@link MatMulLaunch} chooses the arguments that are no sizes.
 */
public final class MatMulKernels {
  /** Threads of a work group, 16 by 16 where they form a tile. */
  private static final int GROUP = LaunchShapes.GROUP;

  /** Terms of the sums that are in local memory at a time. */
  static final int STEP = 16;

  /** Rows of a tile lie 2 banks apart, so that 16 terms of two rows are stored at once. */
  static final int PAD = 2;

  private MatMulKernels() {}

  /**
   * Product by tiles: a work group computes {@code 16 values} by {@code 16 values} elements, each
   * thread {@code values} by {@code values} of them in registers, from tiles in local memory.
   *
   * <p>Sums may be split: part q holds terms q * chunk to (q + 1) * chunk, and {@code c} is then
   * [parts, m, n], to be summed by {@link #sumParts}. One work group of {@value LaunchShapes#GROUP}
   * threads for each tile of each part.
   *
   * @param values elements of c a thread computes each way: 4, or 8 where c has enough tiles
   * @param chunk terms of a part; k for the product as a whole
   */
  public static void byTiles(
      KernelContext context,
      FloatArray a,
      FloatArray b,
      FloatArray c,
      int m,
      int n,
      int k,
      int rowA,
      int innerA,
      int innerB,
      int columnB,
      int values,
      int chunk) {
    int edge = 16 * values;
    int pitch = edge + PAD;
    // Local arrays are named only in this method: handed to a helper they are addressed wrongly.
    float[] tileA = context.allocateFloatLocalArray(STEP * pitch);
    float[] tileB = context.allocateFloatLocalArray(STEP * pitch);
    // These live in registers: all loops over them have constant bounds and are unrolled.
    float[] sums = new float[values * values];
    float[] left = new float[values];
    float[] right = new float[values];

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
    for (int first = part * chunk; first < end; first += STEP) {
      // All loads before the first store, so that they are under way together.
      for (int i = 0; i < values; i++) {
        int row = firstRow + across(thread + i * GROUP, edge, innerA);
        int term = first + along(thread + i * GROUP, edge, innerA);
        left[i] = element(a, 0, row, m, rowA, term, end, innerA);
      }
      for (int j = 0; j < values; j++) {
        int column = firstColumn + across(thread + j * GROUP, edge, innerB);
        int term = first + along(thread + j * GROUP, edge, innerB);
        right[j] = element(b, 0, column, n, columnB, term, end, innerB);
      }
      for (int i = 0; i < values; i++) {
        int term = along(thread + i * GROUP, edge, innerA);
        tileA[term * pitch + across(thread + i * GROUP, edge, innerA)] = left[i];
      }
      for (int j = 0; j < values; j++) {
        int term = along(thread + j * GROUP, edge, innerB);
        tileB[term * pitch + across(thread + j * GROUP, edge, innerB)] = right[j];
      }
      context.localBarrier();
      for (int term = 0; term < STEP; term++) {
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
            c.set((part * m + row) * n + column, sums[i * values + j]);
          }
        }
      }
    }
  }

  /** Row or column, within its tile, of an element that is loaded as number {@code index}. */
  static int across(int index, int edge, int inner) {
    return inner == 1 ? index >> 4 : index & (edge - 1);
  }

  /** Term, within its tile, of an element that is loaded as number {@code index}. */
  static int along(int index, int edge, int inner) {
    return inner == 1 ? index & (STEP - 1) : index / edge;
  }

  /** Element of an operand that begins at element {@code start} of an array, 0 outside. */
  static float element(
      FloatArray array,
      int start,
      int across,
      int count,
      int stride,
      int term,
      int end,
      int inner) {
    float element = 0f;
    if (across < count && term < end) {
      element = array.get(start + across * stride + term * inner);
    }
    return element;
  }

  /**
   * {@code c[i] = sum over q of parts[q * elements + i]}, q ascending: the second half of a product
   * whose sums were split. Launch shape {@link LaunchShapes#elements}.
   *
   * @param parts [count, elements]
   * @param elements m n
   */
  public static void sumParts(
      KernelContext context, FloatArray parts, FloatArray c, int elements, int count) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += GROUP) {
      float sum = 0f;
      for (int q = 0; q < count; q++) {
        sum += parts.get(q * elements + i);
      }
      c.set(i, sum);
    }
  }

  /**
   * Product of a few rows, as in generation, where tiles would be nearly empty and reading op(b) is
   * all the work: {@code lanes} threads share the sum of an element, each taking every {@code
   * lanes}-th term, and add up their shares pairwise in local memory. Arguments as in {@link
   * #byTiles}; c is [m, n].
   *
   * <p>A work group of {@value LaunchShapes#GROUP} threads computes {@code GROUP / lanes} columns
   * of one row: m times ceil(n lanes / GROUP) work groups.
   *
   * @param lanes a power of two: 32 where innerB is 1, else 8
   */
  public static void byRows(
      KernelContext context,
      FloatArray a,
      FloatArray b,
      FloatArray c,
      int m,
      int n,
      int k,
      int rowA,
      int innerA,
      int innerB,
      int columnB,
      int lanes) {
    float[] shares = context.allocateFloatLocalArray(GROUP);
    int columns = GROUP / lanes;
    int thread = context.localIdx;
    // Neighbouring threads read neighbouring elements of b: terms of a column, or columns.
    int lane = innerB == 1 ? thread % lanes : thread / columns;
    int laneStride = innerB == 1 ? 1 : columns;
    int groups = (n + columns - 1) / columns;
    int row = context.groupIdx / groups;
    int firstColumn = (context.groupIdx % groups) * columns;
    int column = firstColumn + (innerB == 1 ? thread / lanes : thread % columns);

    float sum = 0f;
    if (column < n) {
      for (int term = lane; term < k; term += lanes) {
        sum += a.get(row * rowA + term * innerA) * b.get(term * innerB + column * columnB);
      }
    }
    shares[thread] = sum;
    context.localBarrier();
    for (int half = lanes / 2; half > 0; half = half / 2) {
      if (lane < half) {
        shares[thread] += shares[thread + half * laneStride];
      }
      context.localBarrier();
    }
    if (lane == 0 && column < n) {
      c.set(row * n + column, shares[thread]);
    }
  }
}
