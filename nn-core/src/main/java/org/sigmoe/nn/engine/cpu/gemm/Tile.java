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
   * Computes the sums of one tile. They go to scratch memory rather than to C, so that this method
   * is one loop with one way out: with tiles that stick out of C as a second way, the compiler
   * gives up keeping the sums in registers.
   *
   * @param k length of the sums
   * @param a packed A, [k, ROWS] from {@code aAt}
   * @param b packed B, [k, COLUMNS] from {@code bAt}
   * @param sums where the tile goes, [ROWS, COLUMNS]
   */
  static void multiply(int k, float[] a, int aAt, float[] b, int bAt, float[] sums) {
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
    keep(c00, c01, sums, 0);
    keep(c10, c11, sums, 1);
    keep(c20, c21, sums, 2);
    keep(c30, c31, sums, 3);
    keep(c40, c41, sums, 4);
    keep(c50, c51, sums, 5);
  }

  private static void keep(FloatVector left, FloatVector right, float[] sums, int row) {
    left.intoArray(sums, row * COLUMNS);
    right.intoArray(sums, row * COLUMNS + LANES);
  }

  /**
   * Brings a tile's sums to C.
   *
   * @param sums what {@link #multiply} made
   * @param c address of the tile's first element in C
   * @param ldc row distance of C in elements
   * @param rows rows of the tile that lie in C, at most ROWS
   * @param columns columns of the tile that lie in C, at most COLUMNS
   * @param output {@link Output#ACCUMULATE} to add to C, anything else to store
   */
  static void store(float[] sums, long c, int ldc, int rows, int columns, Output output) {
    boolean accumulate = output == Output.ACCUMULATE;
    for (int i = 0; i < rows; i++) {
      long row = c + (long) i * ldc * Float.BYTES;
      if (columns == COLUMNS) {
        storeRow(sums, i * COLUMNS, row, accumulate);
        storeRow(sums, i * COLUMNS + LANES, row + (long) LANES * Float.BYTES, accumulate);
      } else {
        storePart(sums, i * COLUMNS, row, columns, accumulate);
      }
    }
  }

  private static void storeRow(float[] sums, int from, long at, boolean accumulate) {
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, from);
    if (accumulate) {
      sum =
          sum.add(FloatVector.fromMemorySegment(SPECIES, NativeMemory.ALL, at, NativeMemory.ORDER));
    }
    sum.intoMemorySegment(NativeMemory.ALL, at, NativeMemory.ORDER);
  }

  private static void storePart(float[] sums, int from, long c, int columns, boolean accumulate) {
    long at = c;
    for (int j = 0; j < columns; j++, at += Float.BYTES) {
      float sum = sums[from + j];
      NativeMemory.putFloat(at, accumulate ? NativeMemory.getFloat(at) + sum : sum);
    }
  }
}
