package org.sigmoe.tornado.cublas;

import java.util.List;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;

/**
 * How cuBLAS is asked for c [m, n] = op(a) op(b) of operands rounded to bf16. For sizes that are
 * multiples of {@value #MULTIPLE} wherever they count elements of a row in memory it has kernels
 * for Hopper, two to six times as fast as what it takes for others (H100, cuBLAS 13). So sums run
 * on into zeros, and columns that c lacks are computed along: rows of operands must be long enough
 * and 0 behind their columns, and an operand must have room for {@link #aligned} rows, whose
 * contents do not matter.
 *
 * @param transposeA as the op says
 * @param transposeB as b is read: transposed where the op says otherwise but sums must run along
 *     its rows
 * @param m rows that are computed
 * @param n columns that are computed
 * @param k length of the sums
 * @param result where the result goes
 */
public record AlignedProduct(
    Transpose transposeA, Transpose transposeB, int m, int n, int k, Result result) {
  private static final int MULTIPLE = 8;

  /** Rows of c that begin at a multiple of so many elements can be stored in part. */
  private static final int ROW_MULTIPLE = 4;

  /** Multiplications below which all ways are as fast. */
  private static final long LEAST_WORK = 1 << 27;

  /** Terms from which on a copy of c costs less than it saves. */
  private static final int LEAST_TERMS = 1024;

  /** The same where n is odd, which cuBLAS likes least. */
  private static final int LEAST_TERMS_IF_ODD = 256;

  /** Where the result goes. */
  public enum Result {
    /** To c. */
    WHOLE,
    /** To c, its last columns by a product of their own. */
    IN_TWO_PARTS,
    /** To an array [m, n] of its own, from which c is copied. */
    PADDED
  }

  /** The product of an op of such sizes. */
  public static AlignedProduct of(MatMul op, MatMul.Sizes sizes) {
    int m = sizes.m();
    int n = sizes.n();
    int k = sizes.k();
    return (long) m * n * k < LEAST_WORK
        ? ofLittleWork(op.transposeA(), op.transposeB(), m, n, k)
        : ofMuchWork(op.transposeA(), op.transposeB(), m, n, k);
  }

  /** As the op says, but for sums that can run on into zeros without another copy of b. */
  private static AlignedProduct ofLittleWork(
      Transpose transposeA, Transpose transposeB, int m, int n, int k) {
    boolean rows = transposeA == Transpose.NO && transposeB == Transpose.YES;
    return new AlignedProduct(transposeA, transposeB, m, n, rows ? aligned(k) : k, Result.WHOLE);
  }

  static AlignedProduct ofMuchWork(
      Transpose transposeA, Transpose transposeB, int m, int n, int k) {
    boolean rowsOfSums = transposeA == Transpose.NO;
    if (!rowsOfSums && transposeB == Transpose.YES) {
      return new AlignedProduct(transposeA, transposeB, m, n, k, Result.WHOLE);
    }
    int moreTerms = rowsOfSums ? aligned(k) : k;
    Transpose readB = moreTerms > k ? Transpose.YES : transposeB;
    int moreRows = rowsOfSums ? m : aligned(m);
    if (moreRows == m && aligned(n) == n) {
      return new AlignedProduct(transposeA, readB, m, n, moreTerms, Result.WHOLE);
    }
    if (k >= (n % 2 == 0 ? LEAST_TERMS : LEAST_TERMS_IF_ODD)) {
      return new AlignedProduct(transposeA, readB, moreRows, aligned(n), moreTerms, Result.PADDED);
    }
    Result result = moreRows == m && n % ROW_MULTIPLE == 0 ? Result.IN_TWO_PARTS : Result.WHOLE;
    return new AlignedProduct(transposeA, readB, m, n, moreTerms, result);
  }

  /**
   * This product for a c whose rows have room for {@link #aligned} columns, if m stays as it is.
   */
  public AlignedProduct withRoom() {
    return new AlignedProduct(transposeA, transposeB, m, aligned(n), k, Result.WHOLE);
  }

  /** This product for so many rows. */
  public AlignedProduct ofRows(int rows) {
    return new AlignedProduct(transposeA, transposeB, rows, n, k, result);
  }

  /** A size, rounded up to one that cuBLAS likes. */
  public static int aligned(int size) {
    return Math.ceilDiv(size, MULTIPLE) * MULTIPLE;
  }

  /**
   * What cuBLAS is asked for, one after the other.
   *
   * @param pitchA elements from one row of a, as stored, to the next
   * @param pitchB elements from one row of b, as it is read, to the next
   */
  public List<GemmCall> calls(int pitchA, int pitchB) {
    GemmCall whole =
        GemmCall.rowMajor(Precision.BF16, transposeA, transposeB, m, n, k, pitchA, pitchB);
    int fit = n / MULTIPLE * MULTIPLE;
    return result == Result.IN_TWO_PARTS
        ? List.of(whole.ofColumns(0, fit), whole.ofColumns(fit, n - fit))
        : List.of(whole);
  }
}
