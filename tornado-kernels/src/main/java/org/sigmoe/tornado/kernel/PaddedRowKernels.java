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

  /** Integers that {@link #layOut} gives for a block. */
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

  /**
   * What products go by. For each block its group, its first sorted row, and how many rows it has,
   * 0 if none; for each padded row the sorted row s that it is, and its token {@code order[s] /
   * slots}, where a gap names any row there is; for each slot its padded row: places[order[s]]. A
   * work group of {@value LaunchShapes#GROUP} threads for each block.
   *
   * @param slots K of each token; 0 if rows are not by token, and order is not read but as if it
   *     were [0, 1, ..]
   * @param blocks i32[blocks, {@value #FIELDS}], the last one unused
   * @param sorted i32[padded rows]
   * @param tokens i32[padded rows]
   * @param places i32[rows]
   */
  public static void layOut(
      KernelContext context,
      IntArray order,
      IntArray offsets,
      int rows,
      int groups,
      int size,
      int slots,
      IntArray blocks,
      IntArray sorted,
      IntArray tokens,
      IntArray places) {
    int[] found = context.allocateIntLocalArray(1);
    int block = context.groupIdx;
    // All groups at once: a bisection would wait for one of them after the other.
    for (int e = context.localIdx; e < groups; e += GROUP) {
      if (GroupSearch.has(offsets, e, size, block)) {
        found[0] = e;
      }
    }
    context.localBarrier();
    int group = found[0];
    int first = offsets.get(group) + (block - GroupSearch.firstBlock(offsets, group, size)) * size;
    int count = Math.min(Math.max(offsets.get(group + 1) - first, 0), size);
    if (context.localIdx == 0) {
      blocks.set(block * FIELDS, group);
      blocks.set(block * FIELDS + 1, first);
      blocks.set(block * FIELDS + 2, count);
    }
    for (int i = context.localIdx; i < size; i += GROUP) {
      int row = Math.min(first + i, rows - 1);
      int slot = row;
      int token = row;
      if (slots > 0) {
        slot = order.get(row);
        token = slot / Math.max(slots, 1);
      }
      sorted.set(block * size + i, row);
      tokens.set(block * size + i, token);
      if (i < count) {
        places.set(slot, block * size + i);
      }
    }
  }
}
