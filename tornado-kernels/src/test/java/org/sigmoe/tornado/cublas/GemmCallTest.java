package org.sigmoe.tornado.cublas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.op.Transpose;

/** A plain product by columns, as BLAS defines it, stands in for cuBLAS. */
final class GemmCallTest {
  private static final Random RANDOM = new Random(1);

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, NO, NO, 0, 0", "3, 5, 7, NO, NO, 0, 0", "3, 5, 7, NO, YES, 0, 0",
    "3, 5, 7, YES, NO, 0, 0", "3, 5, 7, YES, YES, 0, 0", "1, 8, 4, NO, YES, 0, 0",
    "9, 1, 2, YES, YES, 0, 0", "3, 5, 7, NO, NO, 1, 3", "3, 5, 7, NO, YES, 5, 1",
    "3, 5, 7, YES, NO, 2, 3", "3, 5, 7, YES, YES, 4, 2",
  })
  void columnMajorProductOfTheCallIsTheRowMajorProduct(
      int m, int n, int k, Transpose transposeA, Transpose transposeB, int gapA, int gapB) {
    int rowsA = transposeA == Transpose.NO ? m : k;
    int pitchA = (transposeA == Transpose.NO ? k : m) + gapA;
    int rowsB = transposeB == Transpose.NO ? k : n;
    int pitchB = (transposeB == Transpose.NO ? n : k) + gapB;
    double[] a = random(rowsA * pitchA);
    double[] b = random(rowsB * pitchB);

    GemmCall call =
        GemmCall.rowMajor(Precision.F32, transposeA, transposeB, m, n, k, pitchA, pitchB);
    double[] actual = new double[m * n];
    Arrays.fill(actual, Double.NaN);
    PlainGemm.run(call, b, a, actual);

    double[] expected = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int p = 0; p < k; p++) {
          double left = a[transposeA == Transpose.NO ? i * pitchA + p : p * pitchA + i];
          double right = b[transposeB == Transpose.NO ? p * pitchB + j : j * pitchB + p];
          expected[i * n + j] += left * right;
        }
      }
    }
    assertArrayEquals(expected, actual);
  }

  private static double[] random(int length) {
    return RANDOM.ints(length, -8, 9).asDoubleStream().toArray();
  }

  @Test
  void addingProductIsAddedToWhatIsThere() {
    double[] a = random(6);
    double[] b = random(12);
    GemmCall call = GemmCall.rowMajor(Precision.F32, Transpose.NO, Transpose.NO, 2, 4, 3, 3, 4);
    double[] expected = new double[8];
    PlainGemm.run(call, b, a, expected);
    double[] actual = random(8);
    for (int i = 0; i < 8; i++) {
      expected[i] += actual[i];
    }
    PlainGemm.run(call.adding(), b, a, actual);
    assertArrayEquals(expected, actual);
  }

  @Test
  void batchHasTheMatricesOfBFirst() {
    GemmCall call = GemmCall.rowMajor(Precision.BF16, Transpose.NO, Transpose.NO, 3, 5, 7, 8, 9);
    GemmBatch.Matrices a = new GemmBatch.Matrices(1, 24);
    GemmBatch.Matrices b = new GemmBatch.Matrices(2, 63);
    GemmBatch.Matrices c = new GemmBatch.Matrices(3, 18);
    GemmBatch batch = GemmBatch.rowMajor(call.withResultPitch(6), 4, a, b, c);
    assertEquals(b, batch.first());
    assertEquals(a, batch.second());
    assertEquals(c, batch.result());
    assertEquals(6, batch.product().pitchResult());
    assertEquals(call, batch.product().withResultPitch(5));
    // cudaDataType_t of f32, and of bf16.
    assertEquals(0, batch.resultType());
    assertEquals(14, batch.rounding().resultType());
    assertEquals(2, batch.rounding().resultBytes());
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void onlyTf32AllowsRoundedProductsOfF32Operands(Precision precision) {
    GemmCall call = GemmCall.rowMajor(precision, Transpose.NO, Transpose.NO, 1, 1, 1, 1, 1);
    // cudaDataType_t and cublasComputeType_t of the CUDA toolkit.
    assertEquals(precision == Precision.BF16 ? 14 : 0, call.operandType());
    assertEquals(precision == Precision.TF32 ? 77 : 68, call.computeType());
  }
}
