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

  /** What {@link PaddedRowKernels} makes of a route. */
  private enum Part {
    TOKENS,
    SORTED,
    BLOCKS,
    PLACES
  }

  private record Key(Part part, int size) {}

  private final IntArray order;
  private final IntArray offsets;
  private final int rows;
  private final int groups;
  private final int slots;
  private final IntFunction<IntArray> memory;
  private final Map<Key, IntArray> made = new HashMap<>();

  /**
   * Nothing is computed yet.
   *
   * @param order i32[rows]
   * @param offsets i32[groups + 1]
   * @param rows sorted rows: tokens times slots
   * @param slots K of each token
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

  /** Padded rows, with blocks of {@code size}. */
  int padded(int size) {
    return PaddedRowKernels.count(rows, groups, size);
  }

  /** The token of each padded row. */
  IntArray tokens(TaskTarget to, int size) {
    return made.computeIfAbsent(new Key(Part.TOKENS, size), _ -> sources(to, size, slots));
  }

  /** The sorted row of each padded row. */
  IntArray sorted(TaskTarget to, int size) {
    return made.computeIfAbsent(new Key(Part.SORTED, size), _ -> sources(to, size, 0));
  }

  private IntArray sources(TaskTarget to, int size, int slotsOfToken) {
    int padded = padded(size);
    IntArray sources = memory.apply(padded);
    to.task(
        "sources",
        LaunchShapes.elements(padded),
        id ->
            new TaskPackage(
                id,
                PaddedRowKernels::sources,
                to.context(),
                order,
                offsets,
                padded,
                rows,
                groups,
                size,
                slotsOfToken,
                sources));
    return sources;
  }

  /** What each block of padded rows is, {@link PaddedRowKernels#blocks}. */
  IntArray blocks(TaskTarget to, int size) {
    return made.computeIfAbsent(new Key(Part.BLOCKS, size), _ -> makeBlocks(to, size));
  }

  private IntArray makeBlocks(TaskTarget to, int size) {
    int count = padded(size) / size;
    IntArray blocks = memory.apply(Math.multiplyExact(count, PaddedRowKernels.FIELDS));
    to.task(
        "blocks",
        LaunchShapes.elements(count),
        id ->
            new TaskPackage(
                id, PaddedRowKernels::blocks, to.context(), offsets, groups, size, count, blocks));
    return blocks;
  }

  /** The padded row of each slot. */
  IntArray places(TaskTarget to, int size) {
    return made.computeIfAbsent(new Key(Part.PLACES, size), _ -> makePlaces(to, size));
  }

  private IntArray makePlaces(TaskTarget to, int size) {
    IntArray places = memory.apply(rows);
    to.task(
        "places",
        LaunchShapes.elements(rows),
        id ->
            new TaskPackage(
                id,
                PaddedRowKernels::places,
                to.context(),
                order,
                offsets,
                rows,
                groups,
                size,
                places));
    return places;
  }
}
