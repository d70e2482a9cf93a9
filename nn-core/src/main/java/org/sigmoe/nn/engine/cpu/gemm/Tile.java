package org.sigmoe.nn.engine.cpu.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost product: a {@link #ROWS} x {@link #COLUMNS} tile of C held in vector registers
 * while k runs over one packed row panel of A and one packed column panel of B.
 *
 * <p>Six rows by two vectors keep 12 sums in flight, enough to hide the latency of two fused
 * multiply-adds a cycle, and with two vectors of B and one broadcast of A use 15 registers, which
 * even 16-register instruction sets have. The form follows the micro-kernel of Goto and van de
 * Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
 */
final class Tile {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  static final int ROWS = 6;
  static final int COLUMNS = 2 * LANES;

  private Tile() {}

  /**
   * Adds (or, for {@link Output#OVERWRITE}, stores) a product to a part of C.
   *
   * @param k length of the sums
   * @param a packed A, [k, ROWS] from {@code aAt}
   * @param b packed B, [k, COLUMNS] from {@code bAt}
   * @param edge scratch [ROWS, COLUMNS] for tiles that stick out of C
   * @param c address of the tile's first element in C
   * @param ldc row distance of C in elements
   * @param rows rows of the tile that lie in C, at most ROWS
   * @param columns columns of the tile that lie in C, at most COLUMNS
   * @param output {@link Output#ACCUMULATE} to add to C, anything else to store
   */
  static void multiply(
      int k,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] edge,
      long c,
      int ldc,
      int rows,
      int columns,
      Output output) {
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = c00;
    FloatVector c10 = c00;
    FloatVector c11 = c00;
    FloatVector c20 = c00;
    FloatVector c21 = c00;
    FloatVector c30 = c00;
    FloatVector c31 = c00;
    FloatVector c40 = c00;
    FloatVector c41 = c00;
    FloatVector c50 = c00;
    FloatVector c51 = c00;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + p * COLUMNS);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + p * COLUMNS + LANES);
      int row = aAt + p * ROWS;
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[row]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[row + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[row + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[row + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[row + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[row + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
    }
    boolean accumulate = output == Output.ACCUMULATE;
    if (rows == ROWS && columns == COLUMNS) {
      long rowBytes = (long) ldc * Float.BYTES;
      store(c00, c01, c, accumulate);
      store(c10, c11, c + rowBytes, accumulate);
      store(c20, c21, c + 2 * rowBytes, accumulate);
      store(c30, c31, c + 3 * rowBytes, accumulate);
      store(c40, c41, c + 4 * rowBytes, accumulate);
      store(c50, c51, c + 5 * rowBytes, accumulate);
      return;
    }
    keep(c00, c01, edge, 0);
    keep(c10, c11, edge, 1);
    keep(c20, c21, edge, 2);
    keep(c30, c31, edge, 3);
    keep(c40, c41, edge, 4);
    keep(c50, c51, edge, 5);
    storeEdge(edge, c, ldc, rows, columns, accumulate);
  }

  private static void store(FloatVector left, FloatVector right, long at, boolean accumulate) {
    long rightAt = at + (long) LANES * Float.BYTES;
    FloatVector first = left;
    FloatVector second = right;
    if (accumulate) {
      first = first.add(load(at));
      second = second.add(load(rightAt));
    }
    first.intoMemorySegment(NativeMemory.ALL, at, NativeMemory.ORDER);
    second.intoMemorySegment(NativeMemory.ALL, rightAt, NativeMemory.ORDER);
  }

  private static FloatVector load(long at) {
    return FloatVector.fromMemorySegment(SPECIES, NativeMemory.ALL, at, NativeMemory.ORDER);
  }

  private static void keep(FloatVector left, FloatVector right, float[] edge, int row) {
    left.intoArray(edge, row * COLUMNS);
    right.intoArray(edge, row * COLUMNS + LANES);
  }

  private static void storeEdge(
      float[] edge, long c, int ldc, int rows, int columns, boolean accumulate) {
    for (int i = 0; i < rows; i++) {
      long at = c + (long) i * ldc * Float.BYTES;
      for (int j = 0; j < columns; j++, at += Float.BYTES) {
        float sum = edge[i * COLUMNS + j];
        NativeMemory.putFloat(at, accumulate ? NativeMemory.getFloat(at) + sum : sum);
      }
    }
  }
}
