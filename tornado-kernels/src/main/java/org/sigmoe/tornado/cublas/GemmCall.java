package org.sigmoe.tornado.cublas;

import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.op.Transpose;

/**
 * Arguments of {@code cublasGemmEx} for a product of row-major matrices.
 *
 * <p>cuBLAS takes matrices by columns. A row-major matrix, taken by columns, is its transpose; so
 * for c = op(a) op(b) it is asked for c^T = op(b)^T op(a)^T. There b comes first, and what is
 * transposed stays transposed: b stored [n, k] is, by columns, the [k, n] whose transpose is
 * wanted.
 *
 * @param precision of the operands as they are stored: f32 for F32 and TF32, bf16 for BF16
 * @param transposeFirst whether cuBLAS transposes the first matrix, which is b
 * @param transposeSecond whether cuBLAS transposes the second matrix, which is a
 * @param rows of c^T: n
 * @param columns of c^T: m
 * @param inner length of the sums: k
 * @param pitchFirst elements from one row of b, as stored, to the next
 * @param pitchSecond elements from one row of a, as stored, to the next
 * @param pitchResult elements from one row of c to the next
 * @param added whether the product is added to what is in c
 * @param offsetFirst elements of b's array before b; batches have offsets of their own
 * @param offsetResult elements of c's array before c, likewise
 */
public record GemmCall(
    Precision precision,
    Transpose transposeFirst,
    Transpose transposeSecond,
    int rows,
    int columns,
    int inner,
    int pitchFirst,
    int pitchSecond,
    int pitchResult,
    boolean added,
    int offsetFirst,
    int offsetResult) {
  static final int CUDA_R_32F = 0;
  static final int CUDA_R_16BF = 14;
  static final int CUBLAS_COMPUTE_32F = 68;
  static final int CUBLAS_COMPUTE_32F_FAST_TF32 = 77;

  /**
   * The call for c [m, n] = op(a) op(b), c without gaps.
   *
   * @param pitchA elements from one row of a, as stored, to the next: at least k, or m if
   *     transposed
   * @param pitchB elements from one row of b, as stored, to the next: at least n, or k if
   *     transposed
   */
  public static GemmCall rowMajor(
      Precision precision,
      Transpose transposeA,
      Transpose transposeB,
      int m,
      int n,
      int k,
      int pitchA,
      int pitchB) {
    return new GemmCall(precision, transposeB, transposeA, n, m, k, pitchB, pitchA, n, false, 0, 0);
  }

  /** This call for a c with gaps between its rows: {@code pitch} elements from one to the next. */
  public GemmCall withResultPitch(int pitch) {
    return new GemmCall(
        precision,
        transposeFirst,
        transposeSecond,
        rows,
        columns,
        inner,
        pitchFirst,
        pitchSecond,
        pitch,
        added,
        offsetFirst,
        offsetResult);
  }

  /** This call, with the product added to what is in c: c += op(a) op(b). */
  public GemmCall adding() {
    return new GemmCall(
        precision,
        transposeFirst,
        transposeSecond,
        rows,
        columns,
        inner,
        pitchFirst,
        pitchSecond,
        pitchResult,
        true,
        offsetFirst,
        offsetResult);
  }

  /** The part of this call that gives {@code count} columns of c from number {@code from} on. */
  public GemmCall ofColumns(int from, int count) {
    return new GemmCall(
        precision,
        transposeFirst,
        transposeSecond,
        count,
        columns,
        inner,
        pitchFirst,
        pitchSecond,
        pitchResult,
        added,
        offsetFirst + from * (transposeFirst == Transpose.NO ? 1 : pitchFirst),
        offsetResult + from);
  }

  /** {@code cudaDataType_t} of both operands, from library_types.h. */
  int operandType() {
    return switch (precision) {
      case F32, TF32 -> CUDA_R_32F;
      case BF16 -> CUDA_R_16BF;
    };
  }

  /** Bytes of an element of the operands. */
  int operandBytes() {
    return switch (precision) {
      case F32, TF32 -> Float.BYTES;
      case BF16 -> Short.BYTES;
    };
  }

  /** {@code cublasComputeType_t}: F32 asks for f32 products, TF32 alone allows rounded ones. */
  int computeType() {
    return switch (precision) {
      case F32, BF16 -> CUBLAS_COMPUTE_32F;
      case TF32 -> CUBLAS_COMPUTE_32F_FAST_TF32;
    };
  }

  /** {@code cublasOperation_t}: 0 as it lies, 1 transposed. */
  static int operation(Transpose transpose) {
    return switch (transpose) {
      case NO -> 0;
      case YES -> 1;
    };
  }
}
