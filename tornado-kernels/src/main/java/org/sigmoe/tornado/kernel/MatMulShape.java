package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A product c = op(a) op(b) with op(a) [m, k], op(b) [k, n], c [m, n], and how its operands lie.
 *
 * @param m rows of c
 * @param n columns of c
 * @param k length of the sums
 * @param rowA elements of a from one row of op(a) to the next
 * @param innerA elements of a from one term of a sum to the next
 * @param innerB elements of b from one term of a sum to the next
 * @param columnB elements of b from one column of op(b) to the next
 */
public record MatMulShape(int m, int n, int k, int rowA, int innerA, int innerB, int columnB) {

  /** Of operands that are stored as they are used. */
  public static MatMulShape of(int m, int n, int k) {
    return new MatMulShape(m, n, k, k, 1, n, 1);
  }

  /** With a stored as [k, m]. */
  public MatMulShape withTransposedA() {
    return new MatMulShape(m, n, k, 1, m, innerB, columnB);
  }

  /** With b stored as [n, k]. */
  public MatMulShape withTransposedB() {
    return new MatMulShape(m, n, k, rowA, innerA, 1, k);
  }

  /** Adds the tasks of the product: {@link MatMulKernels} as {@link MatMulLaunch} chooses them. */
  public void addTo(TaskTarget to, FloatArray a, FloatArray b, FloatArray c) {
    switch (MatMulLaunch.of(m, n, k, innerB)) {
      case MatMulLaunch.Rows rows ->
          to.task(
              "matMulByRows",
              rows.threads(),
              id ->
                  new TaskPackage(
                      id,
                      MatMulKernels::byRows,
                      to.context(),
                      a,
                      b,
                      c,
                      m,
                      n,
                      k,
                      rowA,
                      innerA,
                      innerB,
                      columnB,
                      rows.lanes()));
      case MatMulLaunch.Tiles tiles -> addTiles(to, tiles, a, b, c);
    }
  }

  private void addTiles(
      TaskTarget to, MatMulLaunch.Tiles tiles, FloatArray a, FloatArray b, FloatArray c) {
    FloatArray sums = tiles.parts() == 1 ? c : to.scratch(tiles.parts(), Math.multiplyExact(m, n));
    to.task(
        "matMulByTiles",
        tiles.threads(),
        id ->
            new TaskPackage(
                id,
                MatMulKernels::byTiles,
                to.context(),
                a,
                b,
                sums,
                m,
                n,
                k,
                rowA,
                innerA,
                innerB,
                columnB,
                tiles.values(),
                tiles.chunk()));
    if (tiles.parts() > 1) {
      to.task(
          "sumParts",
          LaunchShapes.elements(m * n),
          id ->
              new TaskPackage(
                  id, MatMulKernels::sumParts, to.context(), sums, c, m * n, tiles.parts()));
    }
  }
}
