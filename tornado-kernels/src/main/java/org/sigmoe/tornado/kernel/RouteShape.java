package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A sort of positions by group: group e gets the sorted positions offsets[e] to offsets[e + 1],
 * ascending.
 *
 * @param positions how many there are
 * @param groups that they fall into
 */
public record RouteShape(int positions, int groups) {

  /**
   * Adds the tasks of the sort: {@link RouteKernels}, four for up to {@value RouteKernels#RADIX}
   * groups.
   *
   * @param indices i32[positions], each in [0, groups)
   * @param order i32[positions], gets the sorted positions
   * @param offsets i32[groups + 1]
   * @param counts i32[groups], gets the number of positions of each group
   */
  public void addTo(
      TaskTarget to, IntArray indices, IntArray order, IntArray offsets, IntArray counts) {
    int chunks = RouteKernels.chunks(positions);
    int mostDigits = Math.min(groups, RouteKernels.RADIX);
    IntArray before = to.intScratch(mostDigits, chunks);
    if (groups <= RouteKernels.RADIX) {
      // The one digit is the group.
      addPass(to, indices, order, 0, groups, before, counts, offsets, order);
      return;
    }
    IntArray totals = to.intScratch(mostDigits);
    IntArray starts = to.intScratch(mostDigits + 1);
    IntArray other = to.intScratch(positions);
    int passes = Math.ceilDiv(Integer.SIZE - Integer.numberOfLeadingZeros(groups - 1), 8);
    for (int pass = 0; pass < passes; pass++) {
      int shift = 8 * pass;
      int digits = Math.min(RouteKernels.RADIX, ((groups - 1) >> shift) + 1);
      // The last pass writes order.
      boolean toOrder = (passes - pass) % 2 == 1;
      IntArray from = toOrder ? other : order;
      addPass(to, indices, from, shift, digits, before, totals, starts, toOrder ? order : other);
    }
    to.task(
        "findOffsets",
        LaunchShapes.elements(groups + 1),
        id ->
            new TaskPackage(
                id,
                RouteKernels::findOffsets,
                to.context(),
                indices,
                order,
                positions,
                groups,
                offsets));
    to.task(
        "countGroups",
        LaunchShapes.elements(groups),
        id ->
            new TaskPackage(id, RouteKernels::countGroups, to.context(), offsets, groups, counts));
  }

  private void addPass(
      TaskTarget to,
      IntArray indices,
      IntArray from,
      int shift,
      int digits,
      IntArray before,
      IntArray totals,
      IntArray starts,
      IntArray sorted) {
    int chunks = RouteKernels.chunks(positions);
    to.task(
        "countDigits",
        LaunchShapes.groups(chunks),
        id ->
            new TaskPackage(
                id,
                RouteKernels::countDigits,
                to.context(),
                indices,
                from,
                positions,
                shift,
                digits,
                chunks,
                before));
    to.task(
        "scanChunks",
        LaunchShapes.groups(digits),
        id -> new TaskPackage(id, RouteKernels::scanChunks, to.context(), before, chunks, totals));
    to.task(
        "findStarts",
        LaunchShapes.groups(1),
        id -> new TaskPackage(id, RouteKernels::findStarts, to.context(), totals, digits, starts));
    to.task(
        "place",
        LaunchShapes.groups(chunks),
        id ->
            new TaskPackage(
                id,
                RouteKernels::place,
                to.context(),
                indices,
                from,
                before,
                starts,
                positions,
                shift,
                chunks,
                sorted));
  }
}
