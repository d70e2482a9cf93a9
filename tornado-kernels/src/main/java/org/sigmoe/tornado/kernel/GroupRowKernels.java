package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What remains around {@link GroupedMatMulKernels}: bias of groups, gradient of slots' weights,
 * capacity and shares of groups. Rows are sorted by group, order i32[rows] their slots, offsets
 * i32[groups + 1].
 *
 * <p>f32. OpenCL and CUDA.
 */
public final class GroupRowKernels {
  /** Rows of a chunk of {@link #sumRows}. */
  public static final int CHUNK = 256;

  private GroupRowKernels() {}

  /**
   * y[s] = x[s] + bias[e], e the group of s; y may be x. Launch shape: {@link LaunchShapes#rows}.
   *
   * @param x [rows, columns]
   * @param bias [groups, columns]
   */
  public static void addBias(
      KernelContext context,
      FloatArray x,
      FloatArray bias,
      IntArray offsets,
      int rows,
      int columns,
      int groups,
      FloatArray y) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int end = row < rows ? columns : 0;
    int group = GroupSearch.ofRow(offsets, groups, row);
    for (int c = lane; c < end; c += lanes) {
      y.set(row * columns + c, x.get(row * columns + c) + bias.get(group * columns + c));
    }
  }

  /**
   * Sums over the rows of each chunk, of which none spans two groups; {@link
   * GroupedOuterProductKernels#sumChunks} adds them up. Chunks without rows write nothing. Launch
   * shape: {@link LaunchShapes#columns} of the {@link #chunks}.
   *
   * @param x [rows, columns]
   * @param sums [chunks, columns]
   */
  public static void sumRows(
      KernelContext context,
      FloatArray x,
      IntArray offsets,
      int columns,
      int groups,
      FloatArray sums) {
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int column = context.groupIdx * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int block = context.groupIdy;
    int group = GroupSearch.ofBlock(offsets, groups, CHUNK, block);
    int past = block - GroupSearch.firstBlock(offsets, group, CHUNK);
    int first = offsets.get(group) + past * CHUNK;
    int end = Math.min(first + CHUNK, offsets.get(group + 1));
    int last = column < columns ? end : 0;
    float sum = 0f;
    for (int row = first + lane; row < last; row += LaunchShapes.ROW_LANES) {
      sum += x.get(row * columns + column);
    }
    float total = GroupReductions.sumAcross(context, sum, LaunchShapes.COLUMNS);
    if (lane == 0 && column < columns && first < end) {
      sums.set(block * columns + column, total);
    }
  }

  /** Chunks of {@link #sumRows}. */
  public static int chunks(int rows, int groups) {
    return GroupSearch.blocks(rows, groups, CHUNK);
  }

  /**
   * Gradients of {@code y = w[order[s]] a[s]} from that of y: da[s] = w[order[s]] u[s] and
   * dw[order[s]] = a[s] . u[s]; da may be u or a. Launch shape: {@link LaunchShapes#rows}.
   *
   * @param u [rows, columns]
   * @param a [rows, columns]
   * @param weights [rows] in the order of slots
   * @param da [rows, columns]
   * @param dweights [rows] in the order of slots
   */
  public static void weightGradient(
      KernelContext context,
      FloatArray u,
      FloatArray a,
      FloatArray weights,
      IntArray order,
      int rows,
      int columns,
      FloatArray da,
      FloatArray dweights) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = row * columns;
    int end = row < rows ? columns : 0;
    int slot = order.get(Math.min(row, rows - 1));
    float weight = weights.get(slot);
    float sum = 0f;
    for (int c = lane; c < end; c += lanes) {
      float gradient = u.get(at + c);
      sum += gradient * a.get(at + c);
      da.set(at + c, weight * gradient);
    }
    float total = GroupReductions.sum(context, sum, lanes);
    if (lane == 0 && row < rows) {
      dweights.set(slot, total);
    }
  }

  /**
   * mask[order[s]] = 1 if s is among the first {@code capacity} rows of its group, else 0. Launch
   * shape: {@link LaunchShapes#elements} of mask.
   *
   * @param mask [rows] in the order of slots
   */
  public static void capacityMask(
      KernelContext context,
      IntArray order,
      IntArray offsets,
      int rows,
      int groups,
      int capacity,
      FloatArray mask) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, rows);
    for (int row = first; row < end; row += LaunchShapes.GROUP) {
      int group = GroupSearch.ofRow(offsets, groups, row);
      int rank = row - offsets.get(group);
      mask.set(order.get(row), rank < capacity ? 1f : 0f);
    }
  }

  /**
   * shares[e] = counts[e] / sum of counts, which is below 2^24. Launch shape: {@link
   * LaunchShapes#groups(int)} of 1.
   *
   * @param counts i32[groups]
   * @param shares [groups]
   */
  public static void fractions(
      KernelContext context, IntArray counts, int groups, FloatArray shares) {
    float sum = 0f;
    for (int group = context.localIdx; group < groups; group += LaunchShapes.GROUP) {
      sum += counts.get(group);
    }
    float total = GroupReductions.sum(context, sum, LaunchShapes.GROUP);
    for (int group = context.localIdx; group < groups; group += LaunchShapes.GROUP) {
      shares.set(group, counts.get(group) / total);
    }
  }
}
