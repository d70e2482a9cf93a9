package org.sigmoe.nn.engine.cpu.gemm;

import org.sigmoe.nn.graph.op.Transpose;

/**
 * What is fixed about a matrix product before it runs: op(A)[m,k] op(B)[k,n] -> C[m,n].
 *
 * <p>All matrices are row-major. Leading dimensions (distance between rows as stored) and batch
 * strides are counted in elements. Start with {@link #of} (contiguous f32, one product, C
 * overwritten) and change what differs:
 *
 * <pre>{@code
 * // y[N,out] = relu(x[N,in] W[out,in]^T + b)
 * GemmShape.of(rows, out, in, Transpose.NO, Transpose.YES).withOutput(Output.BIAS_RELU);
 * // scores[H,T,S] of one sequence, heads interleaved as q[T,H,P], k[S,H,P]
 * GemmShape.of(t, s, p, Transpose.NO, Transpose.YES)
 *     .withLeadingDimensions(h * p, h * p, s)
 *     .withBatch(h, p, p, (long) t * s);
 * }</pre>
 *
 * @param m rows of C and of op(A), at least 1
 * @param n columns of C and of op(B), at least 1
 * @param k columns of op(A) and rows of op(B), at least 1
 * @param transposeA how A is stored: [m,k], or [k,m] when transposed
 * @param transposeB how B is stored: [k,n], or [n,k] when transposed
 * @param lda distance between rows of A as stored; at least its stored row length
 * @param ldb distance between rows of B as stored; at least its stored row length
 * @param ldc distance between rows of C, at least n
 * @param batch number of independent products, at least 1
 * @param strideA distance between the A of consecutive products; 0 shares one A
 * @param strideB distance between the B of consecutive products; 0 shares one B
 * @param strideC distance between the C of consecutive products, which must not overlap
 * @param type element type of A and B
 * @param output what happens to C
 * @param result element type of C; sums are 32-bit floats whatever it is
 */
public record GemmShape(
    int m,
    int n,
    int k,
    Transpose transposeA,
    Transpose transposeB,
    int lda,
    int ldb,
    int ldc,
    int batch,
    long strideA,
    long strideB,
    long strideC,
    OperandType type,
    Output output,
    OperandType result) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a size is not positive, a leading dimension is shorter than
   *     a row, or a stride is negative; or if C is to be bf16 and A and B are not, or it is added
   *     to, which would round it each time
   */
  public GemmShape {
    atLeast("m", m, 1);
    atLeast("n", n, 1);
    atLeast("k", k, 1);
    atLeast("lda", lda, transposeA == Transpose.NO ? k : m);
    atLeast("ldb", ldb, transposeB == Transpose.NO ? n : k);
    atLeast("ldc", ldc, n);
    atLeast("batch", batch, 1);
    atLeast("strideA", strideA, 0);
    atLeast("strideB", strideB, 0);
    atLeast("strideC", strideC, batch == 1 ? 0 : 1);
    if (result == OperandType.BF16 && (type != result || output == Output.ACCUMULATE)) {
      throw new IllegalArgumentException(
          "matrix product: C in bf16 needs operands in bf16 and must not be added to, but they are "
              + type
              + " and the output is "
              + output);
    }
  }

  private static void atLeast(String name, long value, long minimum) {
    if (value < minimum) {
      throw new IllegalArgumentException(
          "matrix product: " + name + " is " + value + ", must be at least " + minimum);
    }
  }

  /** One f32 product of contiguous matrices that overwrites C. */
  public static GemmShape of(int m, int n, int k, Transpose transposeA, Transpose transposeB) {
    return new GemmShape(
        m,
        n,
        k,
        transposeA,
        transposeB,
        transposeA == Transpose.NO ? k : m,
        transposeB == Transpose.NO ? n : k,
        n,
        1,
        0,
        0,
        0,
        OperandType.F32,
        Output.OVERWRITE,
        OperandType.F32);
  }

  /** The same with other distances between stored rows, in elements. */
  public GemmShape withLeadingDimensions(int a, int b, int c) {
    return new GemmShape(
        m,
        n,
        k,
        transposeA,
        transposeB,
        a,
        b,
        c,
        batch,
        strideA,
        strideB,
        strideC,
        type,
        output,
        result);
  }

  /** The same {@code count} times, with distances between consecutive products in elements. */
  public GemmShape withBatch(int count, long a, long b, long c) {
    return new GemmShape(
        m, n, k, transposeA, transposeB, lda, ldb, ldc, count, a, b, c, type, output, result);
  }

  /** The same with other operand elements. */
  public GemmShape withType(OperandType operands) {
    return new GemmShape(
        m,
        n,
        k,
        transposeA,
        transposeB,
        lda,
        ldb,
        ldc,
        batch,
        strideA,
        strideB,
        strideC,
        operands,
        output,
        result);
  }

  /** The same with another use of C. */
  public GemmShape withOutput(Output use) {
    return new GemmShape(
        m,
        n,
        k,
        transposeA,
        transposeB,
        lda,
        ldb,
        ldc,
        batch,
        strideA,
        strideB,
        strideC,
        type,
        use,
        result);
  }

  /** The same with C of other elements. */
  public GemmShape withResult(OperandType elements) {
    return new GemmShape(
        m,
        n,
        k,
        transposeA,
        transposeB,
        lda,
        ldb,
        ldc,
        batch,
        strideA,
        strideB,
        strideC,
        type,
        output,
        elements);
  }

  /** The same for another number of rows, as when rows are split over threads. */
  public GemmShape withRows(int rows) {
    return new GemmShape(
        rows,
        n,
        k,
        transposeA,
        transposeB,
        lda,
        ldb,
        ldc,
        batch,
        strideA,
        strideB,
        strideC,
        type,
        output,
        result);
  }

  /** The same for another number of columns, as when columns are split over threads. */
  public GemmShape withColumns(int columns) {
    return new GemmShape(
        m,
        columns,
        k,
        transposeA,
        transposeB,
        lda,
        ldb,
        ldc,
        batch,
        strideA,
        strideB,
        strideC,
        type,
        output,
        result);
  }

  /**
   * Elements to add to A's address to begin at row {@code row} of op(A): with {@link
   * #offsetC(int)}, what splitting rows over threads needs.
   */
  public long offsetA(int row) {
    return transposeA == Transpose.NO ? (long) row * lda : row;
  }

  /** Elements to add to C's address to begin at row {@code row}. */
  public long offsetC(int row) {
    return (long) row * ldc;
  }
}
