package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Weighted sums of rows of a table, and their gradients. A row of the result takes {@code slots}
 * indices with a weight each.
 *
 * <p>table, dtable [values, columns]; indices i32[rows, slots], each in [0, values); weights,
 * dweights [rows, slots]; y, dy [rows, columns]. f32; every sum in a fixed order. OpenCL and CUDA.
 */
public final class WeightedGatherKernels {
  /** Slots, in the order of their values, that one group adds up. */
  private static final int CHUNK = 512;

  private WeightedGatherKernels() {}

  /**
   * y[row] = sum over slots of weights[row, slot] * table[indices[row, slot]]. Launch shape: {@link
   * #rowShape} of the rows of y.
   */
  public static void forward(
      KernelContext context,
      FloatArray table,
      IntArray indices,
      FloatArray weights,
      int slots,
      int columns,
      FloatArray y) {
    int row = context.groupIdx;
    int column = context.groupIdy * LaunchShapes.GROUP + context.localIdx;
    if (column < columns) {
      float sum = 0f;
      for (int slot = row * slots; slot < (row + 1) * slots; slot++) {
        sum += weights.get(slot) * table.get(indices.get(slot) * columns + column);
      }
      y.set(row * columns + column, sum);
    }
  }

  /** A group for each of so many rows, and each 256 of so many columns. */
  public static WorkerGrid rowShape(int rows, int columns) {
    return LaunchShapes.groups(rows, Math.ceilDiv(columns, LaunchShapes.GROUP));
  }

  /**
   * dweights[row, slot] = dy[row] . table[indices[row, slot]]. Launch shape: {@link
   * LaunchShapes#rows} of rows * slots, columns.
   */
  public static void weightGradient(
      KernelContext context,
      FloatArray dy,
      FloatArray table,
      IntArray indices,
      int rows,
      int slots,
      int columns,
      FloatArray dweights) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int slot = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int end = 0;
    int value = 0;
    if (slot < rows * slots) {
      end = columns;
      value = indices.get(slot) * columns;
    }
    int row = slot / slots * columns;
    float sum = 0f;
    for (int c = lane; c < end; c += lanes) {
      sum += dy.get(row + c) * table.get(value + c);
    }
    float product = GroupReductions.sum(context, sum, lanes);
    if (lane == 0 && slot < rows * slots) {
      dweights.set(slot, product);
    }
  }

  /** Chunks into which {@link #sumChunks} splits so many slots. */
  public static int chunks(int slots) {
    return Math.ceilDiv(slots, CHUNK);
  }

  /**
   * First half of the table's gradient: sums weights * dy over the slots of each chunk that have
   * the same value. Chunks are of equal length, however many slots a value has: one used by every
   * row takes no longer. A value whose slots all lie in one chunk is done; the sum of one that
   * began before the chunk goes to {@code heads}, of one that goes on after it to {@code tails}
   * unless it did begin before. Launch shape: {@link #rowShape} of chunks.
   *
   * @param order i32[rows * slots], slots in the order of their values
   * @param offsets i32[values + 1], where the slots of each value begin in {@code order}
   * @param slots of a row
   * @param total rows * slots
   * @param heads [chunks, columns]
   * @param tails [chunks, columns]
   */
  public static void sumChunks(
      KernelContext context,
      FloatArray dy,
      FloatArray weights,
      IntArray order,
      IntArray offsets,
      int values,
      int slots,
      int total,
      int columns,
      FloatArray heads,
      FloatArray tails,
      FloatArray dtable) {
    int chunk = context.groupIdx;
    int column = context.groupIdy * LaunchShapes.GROUP + context.localIdx;
    int begin = chunk * CHUNK;
    int end = column < columns ? Math.min(begin + CHUNK, total) : 0;
    int at = begin;
    int value = valueAt(offsets, values, begin);
    while (at < end) {
      int valueBegin = offsets.get(value);
      int valueEnd = offsets.get(value + 1);
      int stop = Math.min(valueEnd, end);
      float sum = 0f;
      for (int s = at; s < stop; s++) {
        int slot = order.get(s);
        sum += weights.get(slot) * dy.get(slot / slots * columns + column);
      }
      if (stop > at) {
        if (valueBegin < begin) {
          heads.set(chunk * columns + column, sum);
        } else if (valueEnd > end) {
          tails.set(chunk * columns + column, sum);
        } else {
          dtable.set(value * columns + column, sum);
        }
      }
      at = stop;
      value++;
    }
  }

  /** The value whose slots contain number {@code slot} of the order: the last that begins by it. */
  private static int valueAt(IntArray offsets, int values, int slot) {
    int low = 0;
    int high = values - 1;
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (offsets.get(middle) <= slot) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * Second half: dtable of the values whose slots lie in several chunks, from their sums, and zeros
   * for values without a slot. Launch shape: {@link LaunchShapes#elements} of dtable.
   */
  public static void joinChunks(
      KernelContext context,
      IntArray offsets,
      int values,
      int columns,
      FloatArray heads,
      FloatArray tails,
      FloatArray dtable) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, values * columns);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int value = i / columns;
      int column = i % columns;
      int begin = offsets.get(value);
      int stop = offsets.get(value + 1);
      if (begin == stop) {
        dtable.set(i, 0f);
      } else {
        int firstChunk = begin / CHUNK;
        int lastChunk = (stop - 1) / CHUNK;
        if (firstChunk < lastChunk) {
          float sum = tails.get(firstChunk * columns + column);
          for (int chunk = firstChunk + 1; chunk <= lastChunk; chunk++) {
            sum += heads.get(chunk * columns + column);
          }
          dtable.set(i, sum);
        }
      }
    }
  }
}
