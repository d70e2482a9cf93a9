package org.sigmoe.tornado.kernel;

import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

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
  /** Blocks from which on one work group has a block of short sums: more than fit on a GPU. */
  private static final int ENOUGH_BLOCKS = 512;

  /** The same, for each group. */
  private static final int BLOCKS_OF_GROUP = 8;

  /**
   * Work groups that share the columns of a block of short sums. One alone loads the block's rows
   * once; of two each takes half as long, for which fewer blocks fill a GPU, and less of it is idle
   * in the end where many blocks, the last ones of their groups, have few rows.
   */
  int partsOfBlock() {
    int count = padded() / MmaTile.ROWS;
    return count >= ENOUGH_BLOCKS && count >= BLOCKS_OF_GROUP * groups ? 1 : 2;
  }

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
    RowLayout.Padded rows = route.padded(to, MmaTile.ROWS);
    addProduct(to, "gatherMma", a, m, rows.tokens(), rows.blocks(), exact(to, y));
  }

  /**
   * Adds the tasks of the same rounded to bf16, of which {@code relu} makes max(0, y).
   *
   * @param a [tokens, terms]
   * @param m [groups, terms, n], matrices below each other, with y's pitch
   * @param route of the slots
   * @param y [tokens * slots, n]
   */
  public void addGather(
      TaskTarget to, Bf16Matrix a, Bf16Matrix m, RowLayout route, Bf16Matrix y, boolean relu) {
    RowLayout.Padded rows = route.padded(to, MmaTile.ROWS);
    int form = relu ? GroupedMmaKernels.RELU : GroupedMmaKernels.ROUNDED;
    Result result = rounded(to, y.array().quads(), y.pitch(), form);
    addProduct(to, "gatherRoundedMma", a, m, rows.tokens(), rows.blocks(), result);
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
    RowLayout.Padded rows = route.padded(to, MmaTile.ROWS);
    addProduct(to, "mma", a, m, rows.sorted(), rows.blocks(), exact(to, y));
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
    LongArray products = to.longScratch(padded(), pitchOfProducts() / 4);
    addProducts(to, a, m, route, products);
    addSum(to, products, weights, null, addend, route, y);
  }

  /** Elements of the array of {@link #addProducts}. */
  public long productElements() {
    return (long) padded() * pitchOfProducts();
  }

  private int pitchOfProducts() {
    return pitch(hasShortSums() ? ShortSumTile.COLUMNS : MmaTile.COLUMNS);
  }

  private boolean hasShortSums() {
    return terms <= ShortSumTile.MOST_TERMS;
  }

  /**
   * Adds the tasks of the products that {@link #addSum} sums up.
   *
   * @param a [tokens * slots, terms]
   * @param m [groups, terms, n], matrices below each other
   * @param route of the slots
   * @param products bf16[{@link #productElements}]
   */
  public void addProducts(
      TaskTarget to, Bf16Matrix a, Bf16Matrix m, RowLayout route, LongArray products) {
    addProducts(to, a, m, route, products, partsOfBlock());
  }

  /** The same with blocks in so many parts, if sums are short. */
  void addProducts(
      TaskTarget to, Bf16Matrix a, Bf16Matrix m, RowLayout route, LongArray products, int parts) {
    RowLayout.Padded rows = route.padded(to, MmaTile.ROWS);
    if (hasShortSums()) {
      addShortSums(to, a, m, rows, products, parts);
    } else {
      Result padded = rounded(to, products, pitchOfProducts(), GroupedMmaKernels.PADDED);
      addProduct(to, "scatterMma", a, m, rows.sorted(), rows.blocks(), padded);
    }
  }

  /**
   * Adds the tasks of y[t] = addend[t] + (rows[t] + sum over the slots of token t of w[slot] times
   * the slot's product).
   *
   * @param products of {@link #addProducts}
   * @param weights w [tokens, slots]; null if all are 1
   * @param rows [tokens, n]; null for none
   * @param addend [tokens, n], which may be y; null for none
   * @param route of the slots
   * @param y [tokens, n]
   */
  public void addSum(
      TaskTarget to,
      LongArray products,
      @Nullable FloatArray weights,
      @Nullable Bf16Matrix rows,
      @Nullable FloatArray addend,
      RowLayout route,
      FloatArray y) {
    IntArray places = route.padded(to, MmaTile.ROWS).places();
    int weighted = weights == null ? 0 : 1;
    FloatArray factors = weights == null ? to.scratch(1) : weights;
    LongArray summands = rows == null ? to.longScratch(1) : rows.array().quads();
    // An array of its own if it is not read: TornadoVM never ends with a task that writes one array
    // under two names.
    boolean apart = addend != null && addend != y;
    FloatArray summand = apart ? addend : to.scratch(1);
    int added =
        apart
            ? SlotSumKernels.ADDEND
            : addend == null ? SlotSumKernels.NOTHING : SlotSumKernels.RESULT;
    to.task(
        "combine",
        SlotSumKernels.threads(tokens, n),
        id ->
            new TaskPackage(
                id,
                SlotSumKernels::combine,
                to.context(),
                products,
                places,
                factors,
                summands,
                summand,
                tokens,
                n,
                pitchOfProducts(),
                rows == null ? 0 : rows.pitch(),
                slots,
                weighted,
                added,
                y));
  }

  /** What a product writes, and how. Arrays of different names: see {@link #addScatter}. */
  private record Result(
      FloatArray tiles, FloatArray exact, LongArray rounded, int pitch, int form) {}

  private Result exact(TaskTarget to, FloatArray y) {
    FloatArray tiles = to.scratch(padded(), pitch(MmaTile.COLUMNS));
    return new Result(tiles, y, to.longScratch(1), 0, GroupedMmaKernels.EXACT);
  }

  private static Result rounded(TaskTarget to, LongArray y, int pitch, int form) {
    return new Result(to.scratch(1), to.scratch(1), y, pitch, form);
  }

  private void addProduct(
      TaskTarget to,
      String name,
      Bf16Matrix a,
      Bf16Matrix m,
      IntArray sources,
      IntArray blocks,
      Result result) {
    int count = padded() / MmaTile.ROWS;
    int columnTiles = Math.ceilDiv(n, MmaTile.COLUMNS);
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
                sources,
                blocks,
                result.tiles,
                result.exact,
                result.rounded,
                a.pitch(),
                m.pitch(),
                terms,
                n,
                result.pitch,
                result.form));
  }

  private void addShortSums(
      TaskTarget to,
      Bf16Matrix a,
      Bf16Matrix m,
      RowLayout.Padded rows,
      LongArray products,
      int parts) {
    int pitch = pitchOfProducts();
    int tiles = pitch / ShortSumTile.COLUMNS;
    int tilesOfBlock = Math.ceilDiv(tiles, parts);
    int count = padded() / MmaTile.ROWS;
    to.task(
        "scatterMma",
        ShortSumTile.groups(Math.multiplyExact(count, Math.ceilDiv(tiles, tilesOfBlock))),
        id ->
            new TaskPackage(
                id,
                ShortSumMmaKernels::product,
                to.context(),
                a.array().quads(),
                m.array().quads(),
                rows.sorted(),
                rows.blocks(),
                products,
                a.pitch(),
                m.pitch(),
                terms,
                pitch,
                tilesOfBlock));
  }
}
