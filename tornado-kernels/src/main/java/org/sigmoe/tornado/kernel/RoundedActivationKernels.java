package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
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
   * elements at a time. CUDA only. Launch shape: {@link LaunchShapes#warps} of rows.
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
    int quads = pitch / 4;
    int lane = context.localIdx % LaunchShapes.WARP;
    int row =
        context.groupIdx * (LaunchShapes.GROUP / LaunchShapes.WARP)
            + context.localIdx / LaunchShapes.WARP;
    int end = row < rows ? quads : 0;
    int slot = order.get(Math.min(row, rows - 1));
    float weight = weights.get(slot);
    float factor = scale * weight;
    float sum = 0f;
    for (int i = lane; i < end; i += LaunchShapes.WARP) {
      long gradient = u.get(row * quads + i);
      long active = a.get(row * quads + i);
      int low = (int) active;
      int high = (int) (active >> 32);
      float first = Bf16Pairs.first((int) gradient);
      float second = Bf16Pairs.second((int) gradient);
      float third = Bf16Pairs.first((int) (gradient >> 32));
      float fourth = Bf16Pairs.second((int) (gradient >> 32));
      sum += first * Bf16Pairs.first(low) + second * Bf16Pairs.second(low);
      sum += third * Bf16Pairs.first(high) + fourth * Bf16Pairs.second(high);
      int lowPassed = passed(low, factor * first, factor * second);
      dh.set(row * quads + i, Quads.of(lowPassed, passed(high, factor * third, factor * fourth)));
      if (weighing == 1) {
        weighted.set(row * quads + i, Quads.of(times(weight, low), times(weight, high)));
      }
    }
    float total = context.simdSum(sum);
    if (lane == 0 && row < rows) {
      dweights.set(slot, total);
    }
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
