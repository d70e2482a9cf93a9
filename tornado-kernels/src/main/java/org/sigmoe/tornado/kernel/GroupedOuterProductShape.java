package org.sigmoe.tornado.kernel;

import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * For each group the sum of left(s)^T right(s) over its sorted rows s, [groups, m, n]; how it is
 * spread over work groups is chosen from the sizes alone. Of the operands one lies by token, and
 * its row for s is {@code order[s] / slots}; the other is sorted.
 *
 * @param rows S, tokens times slots
 * @param groups E
 * @param m columns of left
 * @param n columns of right
 * @param slotsLeft slots of a token where left lies by token, 0 where it is sorted
 * @param slotsRight slots of a token where right lies by token, 0 where it is sorted
 */
public record GroupedOuterProductShape(
    int rows, int groups, int m, int n, int slotsLeft, int slotsRight) {

  /** A chunk of fewer rows costs more in partial sums than it gains. */
  private static final int SHORTEST_CHUNK = 256;

  private int tiles() {
    return Math.ceilDiv(m, 16 * GroupedMatMulShape.values(m))
        * Math.ceilDiv(n, 16 * GroupedMatMulShape.values(n));
  }

  /** Rows of a chunk: few enough that all chunks' tiles keep a large GPU busy. */
  private int chunk() {
    int wanted = Math.ceilDiv(2 * MatMulLaunch.ENOUGH_GROUPS, tiles());
    int chunk = Math.max(Math.ceilDiv(rows, wanted), SHORTEST_CHUNK);
    return Math.ceilDiv(chunk, GroupedOuterProductKernels.STEP) * GroupedOuterProductKernels.STEP;
  }

  /**
   * Adds the tasks: {@link GroupedOuterProductKernels}.
   *
   * @param weights [tokens, slots], factors of each slot's summand; null for none
   * @param order i32[rows]
   * @param offsets i32[groups + 1]
   * @param result [groups, m, n]
   */
  public void addTo(
      TaskTarget to,
      FloatArray left,
      FloatArray right,
      @Nullable FloatArray weights,
      IntArray order,
      IntArray offsets,
      FloatArray result) {
    int chunk = chunk();
    int chunks = GroupSearch.blocks(rows, groups, chunk);
    int size = Math.multiplyExact(m, n);
    FloatArray sums = to.scratch(chunks, size);
    int weighted = weights == null ? 0 : 1;
    FloatArray factors = weights == null ? left : weights;
    to.task(
        "groupedOuterProduct",
        LaunchShapes.groups(Math.multiplyExact(chunks, tiles())),
        id ->
            new TaskPackage(
                id,
                GroupedOuterProductKernels::byChunks,
                to.context(),
                left,
                right,
                factors,
                order,
                offsets,
                sums,
                rows,
                m,
                n,
                groups,
                slotsLeft,
                slotsRight,
                weighted,
                chunk,
                GroupedMatMulShape.values(m),
                GroupedMatMulShape.values(n)));
    to.task(
        "sumChunks",
        LaunchShapes.elements(Math.multiplyExact(groups, size)),
        id ->
            new TaskPackage(
                id,
                GroupedOuterProductKernels::sumChunks,
                to.context(),
                sums,
                offsets,
                groups,
                size,
                chunk,
                result));
  }
}
