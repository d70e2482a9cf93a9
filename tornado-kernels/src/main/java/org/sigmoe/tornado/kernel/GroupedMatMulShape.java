package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Products of a token's slots with the matrices of the slots' groups, tiles of {@link
 * GroupedMatMulKernels} chosen from the sizes alone: so the order of sums, and with it every bit,
 * is the same on every device.
 *
 * @param tokens N
 * @param slots K of each token
 * @param groups E
 * @param k length of the sums
 * @param n columns of the result
 * @param innerB elements of a group's matrix from one term of a sum to the next
 * @param columnB elements of a group's matrix from one column of the result to the next
 */
public record GroupedMatMulShape(
    int tokens, int slots, int groups, int k, int n, int innerB, int columnB) {

  /** Most values that a thread computes each way. */
  private static final int MOST_VALUES = 8;

  /** With matrices [groups, k, n], stored as they are used. */
  public static GroupedMatMulShape of(int tokens, int slots, int groups, int k, int n) {
    return new GroupedMatMulShape(tokens, slots, groups, k, n, n, 1);
  }

  /** With matrices stored as [groups, n, k]. */
  public GroupedMatMulShape transposed() {
    return new GroupedMatMulShape(tokens, slots, groups, k, n, 1, k);
  }

  private int rows() {
    return Math.multiplyExact(tokens, slots);
  }

  /**
   * Values that a thread computes across {@code columns} columns: as few tiles as hold them, and
   * these no wider than they must be.
   */
  static int values(int columns) {
    int tiles = Math.ceilDiv(columns, 16 * MOST_VALUES);
    return Math.ceilDiv(Math.ceilDiv(columns, tiles), 16);
  }

  private int columnTiles() {
    return Math.ceilDiv(n, 16 * values(n));
  }

  /** Tall tiles where groups have rows for them, and leave enough to do for a large GPU. */
  private int rowValues() {
    int tall = 16 * MOST_VALUES;
    boolean filled =
        rows() / groups >= tall / 2
            && rows() / tall * columnTiles() >= MatMulLaunch.ENOUGH_GROUPS / 4;
    return filled ? MOST_VALUES : MOST_VALUES / 2;
  }

  /**
   * Adds the task of c[s] = a[order[s] / slots] op(m[e]), e the group of sorted row s.
   *
   * @param a [tokens, k]
   * @param m the groups' matrices
   * @param order i32[tokens * slots]
   * @param offsets i32[groups + 1]
   * @param c [tokens * slots, n]
   */
  public void addGather(
      TaskTarget to, FloatArray a, FloatArray m, IntArray order, IntArray offsets, FloatArray c) {
    addTiles(to, "gatherMatMul", a, m, order, offsets, slots, c);
  }

  /**
   * Adds the tasks of y[t] = sum over the slots of token t of a[s] op(m[e]), s the sorted row of
   * the slot and e its group. The products of all slots, tokens times slots times n, are in scratch
   * memory meanwhile.
   *
   * @param a [tokens * slots, k]
   * @param m the groups' matrices
   * @param order i32[tokens * slots]
   * @param offsets i32[groups + 1]
   * @param y [tokens, n]
   */
  public void addScatter(
      TaskTarget to, FloatArray a, FloatArray m, IntArray order, IntArray offsets, FloatArray y) {
    if (slots == 1) {
      addTiles(to, "scatterMatMul", a, m, order, offsets, 0, y);
      return;
    }
    FloatArray products = to.scratch(rows(), n);
    addTiles(to, "scatterMatMul", a, m, order, offsets, 0, products);
    to.task(
        "combineSlots",
        LaunchShapes.elements(tokens * n),
        id ->
            new TaskPackage(
                id,
                GroupedMatMulKernels::combine,
                to.context(),
                products,
                tokens * n,
                n,
                slots,
                y));
  }

  /**
   * Adds the tasks of {@link #addScatter} with each slot's product weighted.
   *
   * @param weights [tokens, slots]
   */
  public void addWeightedScatter(
      TaskTarget to,
      FloatArray a,
      FloatArray m,
      FloatArray weights,
      IntArray order,
      IntArray offsets,
      FloatArray y) {
    FloatArray products = to.scratch(rows(), n);
    addTiles(to, "scatterMatMul", a, m, order, offsets, 0, products);
    to.task(
        "combineWeightedSlots",
        LaunchShapes.elements(tokens * n),
        id ->
            new TaskPackage(
                id,
                GroupedMatMulKernels::combineWeighted,
                to.context(),
                products,
                weights,
                tokens * n,
                n,
                slots,
                y));
  }

  private void addTiles(
      TaskTarget to,
      String name,
      FloatArray a,
      FloatArray m,
      IntArray order,
      IntArray offsets,
      int gatheredSlots,
      FloatArray c) {
    int rowValues = rowValues();
    int blocks = GroupSearch.blocks(rows(), groups, 16 * rowValues);
    to.task(
        name,
        LaunchShapes.groups(Math.multiplyExact(blocks, columnTiles())),
        id ->
            new TaskPackage(
                id,
                GroupedMatMulKernels::byTiles,
                to.context(),
                a,
                m,
                order,
                offsets,
                c,
                rows(),
                n,
                k,
                groups,
                gatheredSlots,
                innerB,
                columnB,
                rowValues,
                values(n)));
  }
}
