package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Activations between products in bf16, whose results only products read: they are written rounded,
 * as {@link RoundingKernels} would, and their f32 is not written at all. ReLU's gradient reads the
 * sign of what was rounded, which is that of the activation.
 *
 * <p>Rounded matrices are [rows, pitch] as pairs ({@link Bf16Pairs}), pitch that of {@link
 * RoundingKernels#pitch}; columns beyond the matrix become 0.
 */
public final class RoundedActivationKernels {
  /** Rows of a warp in {@link #weightAndReluGradient}, whose loads are on their way at once. */
  private static final int ROWS_OF_WARP = 2;

  private RoundedActivationKernels() {}

  /**
   * y = activation(x + bias), or dropout of that. Launch shape: {@link LaunchShapes#elements} of
   * pairs.
   *
   * @param x [rows, pitchOfX], of which [rows, columns] are read
   * @param bias [columns]; not read if {@code biased} is 0
   * @param key of the dropout's mask; not read if {@code dropped} is 0
   * @param pairs of y
   * @param activation number of a non-linearity in {@link ActivationFunctions}
   * @param site of the dropout, and so are threshold and scale; see {@link DropoutKernels#dropout}
   */
  public static void activate(
      KernelContext context,
      FloatArray x,
      FloatArray bias,
      IntArray key,
      int pairs,
      int columns,
      int pitchOfX,
      int pitch,
      int biased,
      int activation,
      int dropped,
      int site,
      int threshold,
      float scale,
      IntArray y) {
    int key1 = dropped == 1 ? DropoutKernels.key1(key, site) : 0;
    int key2 = dropped == 1 ? DropoutKernels.key2(key, site) : 0;
    int pairsOfRow = pitch / 2;
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(start + LaunchShapes.SPAN, pairs);
    for (int i = start; i < end; i += LaunchShapes.GROUP) {
      int row = i / pairsOfRow;
      int column = 2 * (i - row * pairsOfRow);
      float first = 0f;
      float second = 0f;
      if (column < columns) {
        first = active(x, bias, row * pitchOfX, column, biased, activation);
      }
      if (column + 1 < columns) {
        second = active(x, bias, row * pitchOfX, column + 1, biased, activation);
      }
      if (dropped == 1) {
        int index = row * columns + column;
        first = DropoutKernels.drop(first, index, key1, key2, threshold, scale);
        second = DropoutKernels.drop(second, index + 1, key1, key2, threshold, scale);
      }
      y.set(i, Bf16Pairs.of(first, second));
    }
  }

  private static float active(
      FloatArray x, FloatArray bias, int row, int column, int biased, int activation) {
    float input = x.get(row + column);
    if (biased == 1) {
      input += bias.get(column);
    }
    return ActivationFunctions.value(activation, input);
  }

  /**
   * dx = scale dy where y > 0, else 0. Launch shape: {@link LaunchShapes#elements} of pairs.
   *
   * @param dy [rows, columns]; not read if {@code rounded} is 1
   * @param roundedDy dy, rounded, as dx; not read if {@code rounded} is 0
   * @param y result of ReLU, rounded
   * @param pairs of y and dx
   * @param dx gradient of ReLU's input, rounded
   */
  public static void reluGradient(
      KernelContext context,
      FloatArray dy,
      IntArray roundedDy,
      IntArray y,
      int pairs,
      int columns,
      int pitch,
      int rounded,
      float scale,
      IntArray dx) {
    int pairsOfRow = pitch / 2;
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(start + LaunchShapes.SPAN, pairs);
    for (int i = start; i < end; i += LaunchShapes.GROUP) {
      float first = 0f;
      float second = 0f;
      if (rounded == 1) {
        // Behind the columns y is 0, which passes nothing.
        int both = roundedDy.get(i);
        first = Bf16Pairs.first(both);
        second = Bf16Pairs.second(both);
      } else {
        int row = i / pairsOfRow;
        int column = 2 * (i - row * pairsOfRow);
        first = Bf16Pairs.orZero(dy, row * columns, column, columns);
        second = Bf16Pairs.orZero(dy, row * columns, column + 1, columns);
      }
      dx.set(i, passed(y.get(i), scale * first, scale * second));
    }
  }

  /** Each of two gradients where ReLU passed its element on, else 0. */
  private static int passed(int y, float first, float second) {
    float one = ActivationFunctions.gradient(ActivationFunctions.RELU, first, Bf16Pairs.first(y));
    float other =
        ActivationFunctions.gradient(ActivationFunctions.RELU, second, Bf16Pairs.second(y));
    return Bf16Pairs.of(one, other);
  }

  /**
   * {@link GroupRowKernels#weightGradient} where a is the result of ReLU, and ReLU's gradient: dw[
   * order[s]] = a[s] . u[s], and dh[s] = scale w[order[s]] u[s] where a[s] > 0, else 0; and, where
   * {@code weighing} is 1, weighted[s] = w[order[s]] a[s]. Matrices are read and written four
   * elements at a time. CUDA only. Launch shape: {@link #weightAndReluThreads}.
   *
   * @param u [rows, columns], rounded
   * @param a result of ReLU, rounded
   * @param weights [rows] in the order of slots
   * @param order i32[rows]
   * @param weighted rounded, as a; not touched if {@code weighing} is 0
   * @param dh gradient of ReLU's input, rounded
   * @param dweights [rows] in the order of slots
   */
  public static void weightAndReluGradient(
      KernelContext context,
      LongArray u,
      LongArray a,
      FloatArray weights,
      IntArray order,
      int rows,
      int pitch,
      float scale,
      int weighing,
      LongArray weighted,
      LongArray dh,
      FloatArray dweights) {
    int[] slots = new int[ROWS_OF_WARP];
    float[] factors = new float[ROWS_OF_WARP];
    float[] sums = new float[ROWS_OF_WARP];
    long[] gradients = new long[ROWS_OF_WARP];
    long[] actives = new long[ROWS_OF_WARP];
    int quads = pitch / 4;
    int lane = context.localIdx % LaunchShapes.WARP;
    int warp =
        context.groupIdx * (LaunchShapes.GROUP / LaunchShapes.WARP)
            + context.localIdx / LaunchShapes.WARP;
    int first = warp * ROWS_OF_WARP;
    // Rows beyond the last are read from the last: all lanes of a warp must come to the sums.
    for (int r = 0; r < ROWS_OF_WARP; r++) {
      slots[r] = order.get(Math.min(first + r, rows - 1));
    }
    for (int r = 0; r < ROWS_OF_WARP; r++) {
      factors[r] = weights.get(slots[r]);
      sums[r] = 0f;
    }
    for (int i = lane; i < quads; i += LaunchShapes.WARP) {
      for (int r = 0; r < ROWS_OF_WARP; r++) {
        int at = Math.min(first + r, rows - 1) * quads + i;
        gradients[r] = u.get(at);
        actives[r] = a.get(at);
      }
      for (int r = 0; r < ROWS_OF_WARP; r++) {
        int low = (int) actives[r];
        int high = (int) (actives[r] >> 32);
        float one = Bf16Pairs.first((int) gradients[r]);
        float two = Bf16Pairs.second((int) gradients[r]);
        float three = Bf16Pairs.first((int) (gradients[r] >> 32));
        float four = Bf16Pairs.second((int) (gradients[r] >> 32));
        sums[r] += one * Bf16Pairs.first(low) + two * Bf16Pairs.second(low);
        sums[r] += three * Bf16Pairs.first(high) + four * Bf16Pairs.second(high);
        float factor = scale * factors[r];
        if (first + r < rows) {
          int at = (first + r) * quads + i;
          int lowPassed = passed(low, factor * one, factor * two);
          dh.set(at, Quads.of(lowPassed, passed(high, factor * three, factor * four)));
          if (weighing == 1) {
            weighted.set(at, Quads.of(times(factors[r], low), times(factors[r], high)));
          }
        }
      }
    }
    for (int r = 0; r < ROWS_OF_WARP; r++) {
      float total = context.simdSum(sums[r]);
      if (lane == 0 && first + r < rows) {
        dweights.set(slots[r], total);
      }
    }
  }

  /** Launch shape of {@link #weightAndReluGradient}. */
  public static WorkerGrid weightAndReluThreads(int rows) {
    return LaunchShapes.warps(Math.ceilDiv(rows, ROWS_OF_WARP));
  }

  /**
   * y[s] = w[order[s]] x[s], rounded. Launch shape: {@link LaunchShapes#rows} of rows and pairs of
   * a row.
   *
   * @param x [rows, pitch], rounded, by pairs
   * @param weights w [rows] in the order of slots
   * @param order i32[rows]
   * @param y [rows, pitch], rounded, by pairs
   */
  public static void weighRows(
      KernelContext context,
      IntArray x,
      FloatArray weights,
      IntArray order,
      int rows,
      int pitch,
      IntArray y) {
    int pairs = pitch / 2;
    int lanes = LaunchShapes.lanes(pairs);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int end = row < rows ? pairs : 0;
    float weight = weights.get(order.get(Math.min(row, rows - 1)));
    for (int i = lane; i < end; i += lanes) {
      int both = x.get(row * pairs + i);
      y.set(row * pairs + i, times(weight, both));
    }
  }

  private static int times(float factor, int pair) {
    return Bf16Pairs.of(factor * Bf16Pairs.first(pair), factor * Bf16Pairs.second(pair));
  }
}
