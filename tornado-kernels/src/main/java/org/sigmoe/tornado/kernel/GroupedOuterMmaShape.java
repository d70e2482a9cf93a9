package org.sigmoe.tornado.kernel;

import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * For each group the sum of outer products of its sorted rows and the tokens' rows they were
 * gathered from, on tensor cores: {@link GroupedOuterMmaKernels}. CUDA only.
 *
 * @param rows S, sorted rows
 * @param groups E
 * @param m columns of the sorted rows
 * @param n columns of the tokens' rows
 */
public record GroupedOuterMmaShape(int rows, int groups, int m, int n) {
  /** Work groups that longest chunks must give: about as many as fit on a GPU at once. */
  private static final int ENOUGH_GROUPS = 256;

  /** Rows of a chunk: long enough that partial sums cost little, short enough to fill a GPU. */
  int chunk() {
    int longest = GroupedOuterMmaKernels.LONGEST_CHUNK;
    long tiles = (long) Math.ceilDiv(m, MmaTile.ROWS) * Math.ceilDiv(n, MmaTile.COLUMNS);
    return rows / longest * tiles >= ENOUGH_GROUPS ? longest : longest / 2;
  }

  /** Padded rows of the transposed operand, {@link #addTo}. */
  public int padded() {
    return PaddedRowKernels.count(rows, groups, MmaTile.STEP);
  }

  /** Elements of {@link #addTo}'s scratch array {@code transposed}. */
  public int transposedElements() {
    return Math.multiplyExact(m, padded());
  }

  /**
   * Adds the tasks.
   *
   * @param sorted z [rows, m], rounded
   * @param tokens g [.., n]
   * @param weights factors of each slot's summand, in the order of slots; null for none
   * @param route of the rows
   * @param transposed scratch memory of {@link #transposedElements}
   * @param result [groups, m, n], or [groups, n, m]
   * @param across whether result is [groups, n, m]
   */
  public void addTo(
      TaskTarget to,
      Bf16Matrix sorted,
      Bf16Matrix tokens,
      @Nullable FloatArray weights,
      RowLayout route,
      Bf16Array transposed,
      FloatArray result,
      boolean across) {
    addTo(to, sorted, tokens, weights, route, transposed, result, across, chunk());
  }

  /** The same with chunks of so many rows. */
  void addTo(
      TaskTarget to,
      Bf16Matrix sorted,
      Bf16Matrix tokens,
      @Nullable FloatArray weights,
      RowLayout route,
      Bf16Array transposed,
      FloatArray result,
      boolean across,
      int chunk) {
    IntArray order = route.order();
    IntArray offsets = route.offsets();
    int weighted = weights == null ? 0 : 1;
    FloatArray factors = weights == null ? to.scratch(1) : weights;
    to.task(
        "transposeSorted",
        LaunchShapes.groups(TransposingKernels.sortedTiles(padded(), m)),
        id ->
            new TaskPackage(
                id,
                TransposingKernels::sortedRows,
                to.context(),
                sorted.array().quads(),
                factors,
                order,
                offsets,
                rows,
                m,
                sorted.pitch(),
                groups,
                padded(),
                MmaTile.STEP,
                weighted,
                transposed.pairs()));
    IntArray sources = route.tokens(to, MmaTile.STEP);
    int rowTiles = Math.ceilDiv(m, MmaTile.ROWS);
    int columnTiles = Math.ceilDiv(n, MmaTile.COLUMNS);
    int chunks = GroupSearch.blocks(rows, groups, chunk);
    int pitchRows = rowTiles * MmaTile.ROWS;
    int pitch = columnTiles * MmaTile.COLUMNS;
    boolean whole = m % MmaTile.ROWS == 0 && n % MmaTile.COLUMNS == 0;
    // Stored across, sums cost the whole kernel a third of its speed: only where most groups have
    // one chunk.
    boolean mostAlone = rows <= (long) groups * chunk;
    int direct = whole && (!across || mostAlone) ? 1 : 0;
    FloatArray tiles = to.scratch(Math.multiplyExact(chunks, pitchRows), pitch);
    to.task(
        "outerMma",
        MmaTile.groups(Math.multiplyExact(chunks, rowTiles * columnTiles)),
        id ->
            new TaskPackage(
                id,
                GroupedOuterMmaKernels::byChunks,
                to.context(),
                transposed.quads(),
                tokens.array().quads(),
                sources,
                offsets,
                result,
                tiles,
                padded(),
                tokens.pitch(),
                m,
                n,
                groups,
                chunk,
                direct,
                across ? direct : 0));
    int span = GroupedOuterMmaKernels.sumSpan(groups, m, n);
    to.task(
        "sumTiles",
        LaunchShapes.groups(GroupedOuterMmaKernels.sumGroups(groups, m, n, span)),
        id ->
            new TaskPackage(
                id,
                GroupedOuterMmaKernels::sumTiles,
                to.context(),
                tiles,
                offsets,
                m,
                n,
                pitchRows,
                pitch,
                chunk,
                across ? 1 : 0,
                direct,
                span,
                result));
  }
}
