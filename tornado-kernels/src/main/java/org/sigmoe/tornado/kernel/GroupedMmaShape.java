package org.sigmoe.tornado.kernel;

import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Products of a token's slots with the matrices of the slots' groups, on tensor cores: {@link
 * GroupedMmaKernels}. CUDA only.
 *
 * @param tokens N
 * @param slots K of each token
 * @param groups E
 * @param terms length of the sums
 * @param n columns of the result
 */
public record GroupedMmaShape(int tokens, int slots, int groups, int terms, int n) {

  private int rows() {
    return Math.multiplyExact(tokens, slots);
  }

  private int padded() {
    return PaddedRowKernels.count(rows(), groups, MmaTile.ROWS);
  }

  /** Columns of n, up to whole tiles. */
  private int pitch(int columnsOfTile) {
    return Math.ceilDiv(n, columnsOfTile) * columnsOfTile;
  }

  /**
   * Adds the tasks of y[s] = a[order[s] / slots] m[e], e the group of sorted row s.
   *
   * @param a [tokens, terms]
   * @param m [groups, terms, n], matrices below each other
   * @param route of the slots
   * @param y [tokens * slots, n]
   */
  public void addGather(TaskTarget to, Bf16Matrix a, Bf16Matrix m, RowLayout route, FloatArray y) {
    Rows rows = new Rows(route.tokens(to, MmaTile.ROWS), route.blocks(to, MmaTile.ROWS));
    FloatArray tiles = to.scratch(padded(), pitch(GroupedMmaKernels.COLUMNS));
    addProduct(to, "gatherMma", a, m, rows, tiles, y);
  }

  /**
   * Adds the tasks of y[s] = a[s] m[e], e the group of sorted row s.
   *
   * @param a [tokens * slots, terms]
   * @param m [groups, terms, n], matrices below each other
   * @param route of the rows, whose order is not read
   * @param y [tokens * slots, n]
   */
  void addSorted(TaskTarget to, Bf16Matrix a, Bf16Matrix m, RowLayout route, FloatArray y) {
    Rows rows = sortedRows(to, route);
    FloatArray tiles = to.scratch(padded(), pitch(GroupedMmaKernels.COLUMNS));
    addProduct(to, "mma", a, m, rows, tiles, y);
  }

  /**
   * Adds the tasks of y[t] = addend[t] + sum over the slots of token t of w[slot] a[s] m[e], s the
   * sorted row of the slot and e its group.
   *
   * @param a [tokens * slots, terms]
   * @param m [groups, terms, n], matrices below each other
   * @param weights w [tokens, slots]; null if all are 1
   * @param addend [tokens, n], which may be y; null for none
   * @param route of the slots
   * @param y [tokens, n]
   */
  public void addScatter(
      TaskTarget to,
      Bf16Matrix a,
      Bf16Matrix m,
      @Nullable FloatArray weights,
      @Nullable FloatArray addend,
      RowLayout route,
      FloatArray y) {
    Rows rows = sortedRows(to, route);
    boolean shortSums = terms <= ShortSumMmaKernels.MOST_TERMS;
    int pitch = pitch(shortSums ? ShortSumMmaKernels.COLUMNS : GroupedMmaKernels.COLUMNS);
    FloatArray products = to.scratch(padded(), pitch);
    if (shortSums) {
      addShortSums(to, a, m, rows, products, pitch);
    } else {
      addProduct(to, "scatterMma", a, m, rows, products, null);
    }
    IntArray places = route.places(to, MmaTile.ROWS);
    int weighted = weights == null ? 0 : 1;
    FloatArray factors = weights == null ? products : weights;
    // An array of its own if it is not read: TornadoVM never ends with a task that writes one array
    // under two names.
    boolean apart = addend != null && addend != y;
    FloatArray summand = apart ? addend : to.scratch(1);
    int added =
        apart
            ? PaddedRowKernels.ADDEND
            : addend == null ? PaddedRowKernels.NOTHING : PaddedRowKernels.RESULT;
    to.task(
        "combine",
        LaunchShapes.elements(Math.multiplyExact(tokens, n)),
        id ->
            new TaskPackage(
                id,
                PaddedRowKernels::combine,
                to.context(),
                products,
                places,
                factors,
                summand,
                tokens * n,
                n,
                pitch,
                slots,
                weighted,
                added,
                y));
  }

  /** Where padded rows come from, and what blocks of them are. */
  private record Rows(IntArray sources, IntArray blocks) {}

  private static Rows sortedRows(TaskTarget to, RowLayout route) {
    return new Rows(route.sorted(to, MmaTile.ROWS), route.blocks(to, MmaTile.ROWS));
  }

  private void addProduct(
      TaskTarget to,
      String name,
      Bf16Matrix a,
      Bf16Matrix m,
      Rows rows,
      FloatArray tiles,
      @Nullable FloatArray y) {
    int stored = y == null ? 0 : 1;
    // Not tiles itself: TornadoVM never ends with a task that writes one array under two names.
    FloatArray result = y == null ? to.scratch(1) : y;
    int count = padded() / MmaTile.ROWS;
    int columnTiles = Math.ceilDiv(n, GroupedMmaKernels.COLUMNS);
    to.task(
        name,
        MmaTile.groups(Math.multiplyExact(count, columnTiles)),
        id ->
            new TaskPackage(
                id,
                GroupedMmaKernels::product,
                to.context(),
                a.array().quads(),
                m.array().quads(),
                rows.sources,
                rows.blocks,
                tiles,
                result,
                a.pitch(),
                m.pitch(),
                terms,
                n,
                stored));
  }

  private void addShortSums(
      TaskTarget to, Bf16Matrix a, Bf16Matrix m, Rows rows, FloatArray products, int pitch) {
    int tiles = pitch / ShortSumMmaKernels.COLUMNS;
    int tilesOfBlock = Math.ceilDiv(tiles, 2);
    int count = padded() / MmaTile.ROWS;
    to.task(
        "scatterMma",
        MmaTile.groups(Math.multiplyExact(count, Math.ceilDiv(tiles, tilesOfBlock))),
        id ->
            new TaskPackage(
                id,
                ShortSumMmaKernels::product,
                to.context(),
                a.array().quads(),
                m.array().quads(),
                rows.sources,
                rows.blocks,
                products,
                a.pitch(),
                m.pitch(),
                terms,
                pitch,
                tilesOfBlock));
  }
}
