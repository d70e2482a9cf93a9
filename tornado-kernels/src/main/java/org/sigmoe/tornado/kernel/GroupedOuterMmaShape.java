package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * For each group the sum of outer products of its sorted rows and the tokens' rows they were
 * gathered from, on tensor cores: {@link GroupedOuterMmaKernels}. CUDA only.
 *
 * @param rows S, sorted rows
 * @param groups E
 * @param m rows of a sum
 * @param n columns of a sum
 * @param left whether the tokens' rows give the rows of the sums; else they give the columns
 */
public record GroupedOuterMmaShape(int rows, int groups, int m, int n, boolean left) {
  /** Work groups that longest chunks must give: about as many as fit on a GPU at once. */
  private static final int ENOUGH_GROUPS = 256;

  /** Rows of a chunk: long enough that partial sums cost little, short enough to fill a GPU. */
  int chunk() {
    int longest = GroupedOuterMmaKernels.LONGEST_CHUNK;
    long tiles = (long) Math.ceilDiv(m, MmaTile.ROWS) * Math.ceilDiv(n, MmaTile.COLUMNS);
    return rows / longest * tiles >= ENOUGH_GROUPS ? longest : longest / 2;
  }

  /**
   * Adds the task that multiplies sorted rows by the weights of their slots, for {@link #addTo}.
   */
  public static void addWeights(
      TaskTarget to, Bf16Matrix sorted, FloatArray weights, RowLayout route, Bf16Matrix weighted) {
    IntArray order = route.order();
    to.task(
        "weighRows",
        LaunchShapes.rows(order.getSize(), sorted.pitch() / 2),
        id ->
            new TaskPackage(
                id,
                RoundedActivationKernels::weighRows,
                to.context(),
                sorted.array().pairs(),
                weights,
                order,
                order.getSize(),
                sorted.pitch(),
                weighted.array().pairs()));
  }

  /**
   * Adds the tasks.
   *
   * @param sorted [rows, n if {@code left}, else m], rounded
   * @param tokens [.., m if {@code left}, else n], rounded
   * @param route of the rows
   * @param result [groups, m, n]
   */
  public void addTo(
      TaskTarget to, Bf16Matrix sorted, Bf16Matrix tokens, RowLayout route, FloatArray result) {
    addTo(to, sorted, tokens, route, result, chunk());
  }

  /** The same with chunks of so many rows. */
  void addTo(
      TaskTarget to,
      Bf16Matrix sorted,
      Bf16Matrix tokens,
      RowLayout route,
      FloatArray result,
      int chunk) {
    Bf16Matrix a = left ? tokens : sorted;
    Bf16Matrix b = left ? sorted : tokens;
    IntArray offsets = route.offsets();
    int rowTiles = Math.ceilDiv(m, MmaTile.ROWS);
    int columnTiles = Math.ceilDiv(n, MmaTile.COLUMNS);
    int chunks = GroupSearch.blocks(rows, groups, chunk);
    int pitchRows = rowTiles * MmaTile.ROWS;
    int pitch = columnTiles * MmaTile.COLUMNS;
    int direct = m % MmaTile.ROWS == 0 && n % MmaTile.COLUMNS == 0 ? 1 : 0;
    FloatArray tiles = to.scratch(Math.multiplyExact(chunks, pitchRows), pitch);
    to.task(
        "outerMma",
        MmaTile.groups(Math.multiplyExact(chunks, rowTiles * columnTiles)),
        id ->
            new TaskPackage(
                id,
                GroupedOuterMmaKernels::byChunks,
                to.context(),
                a.array().quads(),
                b.array().quads(),
                route.order(),
                offsets,
                result,
                tiles,
                a.pitch(),
                b.pitch(),
                m,
                n,
                groups,
                route.slots(),
                chunk,
                left ? 1 : 0,
                direct));
    int span = ChunkSumKernels.sumSpan(groups, m, n);
    to.task(
        "sumChunks",
        LaunchShapes.groups(ChunkSumKernels.sumGroups(groups, m, n, span)),
        id ->
            new TaskPackage(
                id,
                ChunkSumKernels::sumChunks,
                to.context(),
                tiles,
                offsets,
                m,
                n,
                pitchRows,
                pitch,
                chunk,
                direct,
                span,
                result));
  }
}
