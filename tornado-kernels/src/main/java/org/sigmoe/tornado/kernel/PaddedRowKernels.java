package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rows that are sorted by group, laid out so that each group begins at a multiple of {@code size}:
 * whole tiles then belong to one group. Padded row {@code b * size + i} is row i of block b, as
 * {@link GroupSearch} numbers blocks; there are gaps after each group.
 *
 * <p>order i32[rows], offsets i32[groups + 1] of a {@link RouteShape}. Right on OpenCL and CUDA.
 */
public final class PaddedRowKernels {
  private static final int GROUP = LaunchShapes.GROUP;

  /** Integers that {@link #blocks} gives for a block. */
  public static final int FIELDS = 4;

  private PaddedRowKernels() {}

  /**
   * The offsets of one group that owns all rows. Launch shape: {@link LaunchShapes#groups(int)} of
   * 1.
   *
   * @param offsets i32[2]
   */
  public static void oneGroup(KernelContext context, int rows, IntArray offsets) {
    if (context.localIdx < 2) {
      offsets.set(context.localIdx, context.localIdx * rows);
    }
  }

  /** Padded rows, gaps included. */
  static int count(int rows, int groups, int size) {
    return Math.multiplyExact(GroupSearch.blocks(rows, groups, size), size);
  }

  /** The sorted row at a padded row; in a gap, one that is not of the group, or beyond the last. */
  static int sorted(IntArray offsets, int group, int size, int padded) {
    return offsets.get(group) + padded - GroupSearch.firstBlock(offsets, group, size) * size;
  }

  /**
   * For each block its group, its first sorted row, and how many rows it has, 0 if none. Launch
   * shape: {@link LaunchShapes#elements} of so many blocks.
   *
   * @param offsets i32[groups + 1]
   * @param blocks i32[count, {@value #FIELDS}], the last one unused
   */
  public static void blocks(
      KernelContext context, IntArray offsets, int groups, int size, int count, IntArray blocks) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, count);
    for (int block = first; block < end; block += GROUP) {
      int group = GroupSearch.ofBlock(offsets, groups, size, block);
      int row = sorted(offsets, group, size, block * size);
      blocks.set(block * FIELDS, group);
      blocks.set(block * FIELDS + 1, row);
      blocks.set(block * FIELDS + 2, Math.min(Math.max(offsets.get(group + 1) - row, 0), size));
    }
  }

  /**
   * Where each padded row comes from: from token {@code order[s] / slots} if rows are by token,
   * from sorted row s itself if {@code slots} is 0. A gap names any row there is. Launch shape:
   * {@link LaunchShapes#elements} of sources.
   *
   * @param padded elements of sources
   */
  public static void sources(
      KernelContext context,
      IntArray order,
      IntArray offsets,
      int padded,
      int rows,
      int groups,
      int size,
      int slots,
      IntArray sources) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, padded);
    for (int i = first; i < end; i += GROUP) {
      int group = GroupSearch.ofBlock(offsets, groups, size, i / size);
      int row = Math.min(sorted(offsets, group, size, i), rows - 1);
      sources.set(i, slots > 0 ? order.get(row) / Math.max(slots, 1) : row);
    }
  }

  /**
   * The padded row of each slot: places[order[s]] is where sorted row s lies. Launch shape: {@link
   * LaunchShapes#elements} of places.
   *
   * @param places i32[rows]
   */
  public static void places(
      KernelContext context,
      IntArray order,
      IntArray offsets,
      int rows,
      int groups,
      int size,
      IntArray places) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, rows);
    for (int row = first; row < end; row += GROUP) {
      int group = GroupSearch.ofRow(offsets, groups, row);
      int block = GroupSearch.firstBlock(offsets, group, size);
      places.set(order.get(row), block * size + row - offsets.get(group));
    }
  }
}
