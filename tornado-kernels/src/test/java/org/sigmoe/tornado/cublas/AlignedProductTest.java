package org.sigmoe.tornado.cublas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.AlignedProduct.Result;

/** Products of operands as rounded copies lie in memory, with what cuBLAS would be asked for. */
final class AlignedProductTest {
  /** Rows of copies begin at multiples of so many elements. */
  private static final int ROW = 32;

  private static final Random RANDOM = new Random(1);

  @ParameterizedTest
  @CsvSource({
    // Nothing to do; sums alone; in two parts; padded for long sums, for odd n; sums alone.
    "16, 8, 24, NO, YES, WHOLE, 24",
    "5, 8, 21, NO, YES, WHOLE, 24",
    "5, 12, 21, NO, YES, IN_TWO_PARTS, 24",
    "5, 10, 1030, NO, YES, PADDED, 1032",
    "5, 11, 257, NO, YES, PADDED, 264",
    "5, 10, 21, NO, YES, WHOLE, 24",
    "5, 11, 21, NO, YES, WHOLE, 24",
    // The same where sums run down the columns of b, which is then read transposed.
    "16, 8, 24, NO, NO, WHOLE, 24",
    "5, 8, 21, NO, NO, WHOLE, 24",
    "5, 12, 21, NO, NO, IN_TWO_PARTS, 24",
    "5, 12, 24, NO, NO, IN_TWO_PARTS, 24",
    "5, 12, 1030, NO, NO, PADDED, 1032",
    "5, 11, 264, NO, NO, PADDED, 264",
    "5, 10, 21, NO, NO, WHOLE, 24",
    // Down the columns of both, which need not be filled up; rows of the result then must.
    "16, 8, 21, YES, NO, WHOLE, 21",
    "8, 12, 21, YES, NO, IN_TWO_PARTS, 21",
    "13, 12, 1030, YES, NO, PADDED, 1030",
    "13, 16, 1030, YES, NO, PADDED, 1030",
    "13, 16, 21, YES, NO, WHOLE, 21",
    "13, 11, 300, YES, NO, PADDED, 300",
    // Along columns of a and rows of b.
    "13, 11, 1030, YES, YES, WHOLE, 1030",
  })
  void callsGiveTheProduct(
      int m, int n, int k, Transpose transposeA, Transpose transposeB, Result result, int terms) {
    AlignedProduct product = AlignedProduct.ofMuchWork(transposeA, transposeB, m, n, k);
    assertEquals(result, product.result());
    assertEquals(terms, product.k());
    assertGives(product, m, n, k);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 12, 21, NO",
    "5, 12, 21, YES",
    "5, 10, 21, NO",
    "5, 11, 300, YES",
    "4, 8, 24, NO"
  })
  void rowsWithRoomTakeAllColumnsAtOnce(int m, int n, int k, Transpose transposeB) {
    AlignedProduct product =
        AlignedProduct.ofMuchWork(Transpose.NO, transposeB, m, n, k).withRoom();
    assertEquals(Result.WHOLE, product.result());
    assertEquals(AlignedProduct.aligned(n), product.n());
    assertGives(product, m, n, k);
    assertEquals(3, product.ofRows(3).calls(32, 32).getFirst().columns());
  }

  private static void assertGives(AlignedProduct product, int m, int n, int k) {
    Transpose transposeA = product.transposeA();
    double[] a = random(m * k);
    double[] b = random(k * n);
    Transpose readB = product.transposeB();
    Copy copyA = transposeA == Transpose.NO ? copy(a, m, k, 1, k) : copy(a, k, m, k, 1);
    Copy copyB = readB == Transpose.NO ? copy(b, k, n, 1, n) : copy(b, n, k, n, 1);
    double[] c = new double[product.m() * product.n()];
    Arrays.fill(c, Double.NaN);
    for (GemmCall call : product.calls(copyA.pitch, copyB.pitch)) {
      PlainGemm.run(call, copyB.elements, copyA.elements, c);
    }
    double[] expected = new double[m * n];
    double[] actual = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        actual[i * n + j] = c[i * product.n() + j];
        for (int p = 0; p < k; p++) {
          expected[i * n + j] += a[i * k + p] * b[p * n + j];
        }
      }
    }
    assertArrayEquals(expected, actual);
  }

  /** What {@code RoundedCopies} makes. */
  private record Copy(double[] elements, int pitch) {}

  /**
   * A matrix with zeros behind its columns, and behind its rows as many as are allocated, of
   * unknown contents.
   */
  private static Copy copy(double[] x, int rows, int columns, int columnStep, int rowStep) {
    int pitch = Math.ceilDiv(columns, ROW) * ROW;
    double[] elements = new double[AlignedProduct.aligned(rows) * pitch];
    Arrays.fill(elements, rows * pitch, elements.length, Double.NaN);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        elements[i * pitch + j] = x[i * rowStep + j * columnStep];
      }
    }
    return new Copy(elements, pitch);
  }

  private static double[] random(int length) {
    return RANDOM.ints(length, -8, 9).asDoubleStream().toArray();
  }

  @Test
  void partsOfRowsBeginWhereCublasStoresThem() {
    AlignedProduct product = AlignedProduct.ofMuchWork(Transpose.NO, Transpose.NO, 7, 412, 416);
    for (GemmCall call : product.calls(416, 416)) {
      assertEquals(0, call.offsetFirst() % 8);
      assertEquals(0, call.offsetResult() % 8);
      assertEquals(412, call.pitchResult());
    }
    assertEquals(4, product.calls(416, 416).getLast().rows());
  }

  @Test
  void littleWorkIsLeftAsItIs() {
    MatMul op = new MatMul(Transpose.NO, Transpose.NO);
    AlignedProduct little = AlignedProduct.of(op, new MatMul.Sizes(64, 412, 1030));
    assertSame(Result.WHOLE, little.result());
    assertSame(Transpose.NO, little.transposeB());
    assertEquals(1030, little.k());
    MatMul linear = new MatMul(Transpose.NO, Transpose.YES);
    assertEquals(1032, AlignedProduct.of(linear, new MatMul.Sizes(64, 412, 1030)).k());
    assertTrue(AlignedProduct.of(op, new MatMul.Sizes(640, 412, 1030)).n() > 412);
  }
}
