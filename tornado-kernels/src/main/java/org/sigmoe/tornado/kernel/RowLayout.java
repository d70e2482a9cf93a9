package org.sigmoe.tornado.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The padded rows of a route ({@link PaddedRowKernels}): several products go by the same, and what
 * one of them has had computed the others find.
 */
public final class RowLayout {

  /**
   * What {@link PaddedRowKernels#layOut} computes.
   *
   * @param blocks what each block of padded rows is
   * @param sorted the sorted row of each padded row
   * @param tokens the token of each padded row
   * @param places the padded row of each slot
   */
  record Padded(IntArray blocks, IntArray sorted, IntArray tokens, IntArray places) {}

  private final IntArray order;
  private final IntArray offsets;
  private final int rows;
  private final int groups;
  private final int slots;
  private final IntFunction<IntArray> memory;

  /** By the rows of a block. */
  private final Map<Integer, Padded> made = new HashMap<>();

  /**
   * Nothing is computed yet.
   *
   * @param order i32[rows]; not read if {@code slots} is 0
   * @param offsets i32[groups + 1]
   * @param rows sorted rows: tokens times slots
   * @param slots K of each token; 0 if rows are not by token
   * @param memory gives arrays of so many elements that last as long as the route
   */
  public RowLayout(
      IntArray order,
      IntArray offsets,
      int rows,
      int groups,
      int slots,
      IntFunction<IntArray> memory) {
    this.order = order;
    this.offsets = offsets;
    this.rows = rows;
    this.groups = groups;
    this.slots = slots;
    this.memory = memory;
  }

  IntArray offsets() {
    return offsets;
  }

  IntArray order() {
    return order;
  }

  int slots() {
    return slots;
  }

  /** The layout with blocks of {@code size} rows. */
  Padded padded(TaskTarget to, int size) {
    return made.computeIfAbsent(size, _ -> layOut(to, size));
  }

  private Padded layOut(TaskTarget to, int size) {
    int count = GroupSearch.blocks(rows, groups, size);
    int paddedRows = PaddedRowKernels.count(rows, groups, size);
    Padded padded =
        new Padded(
            memory.apply(Math.multiplyExact(count, PaddedRowKernels.FIELDS)),
            memory.apply(paddedRows),
            memory.apply(paddedRows),
            memory.apply(rows));
    to.task(
        "layOut",
        LaunchShapes.groups(count),
        id ->
            new TaskPackage(
                id,
                PaddedRowKernels::layOut,
                to.context(),
                order,
                offsets,
                rows,
                groups,
                size,
                slots,
                padded.blocks,
                padded.sorted,
                padded.tokens,
                padded.places));
    return padded;
  }
}
