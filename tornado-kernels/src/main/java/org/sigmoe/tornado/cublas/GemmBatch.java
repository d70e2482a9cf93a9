package org.sigmoe.tornado.cublas;

/**
 * Arguments of {@code cublasGemmStridedBatchedEx}: one product of many matrices of the same shape.
 *
 * @param product what is done with each
 * @param count how many
 * @param first where the first matrices of {@code product} lie, which are b
 * @param second where the second matrices of {@code product} lie, which are a
 * @param result where the results lie
 * @param rounded whether results are bf16, not f32
 */
public record GemmBatch(
    GemmCall product,
    int count,
    Matrices first,
    Matrices second,
    Matrices result,
    boolean rounded) {

  /**
   * Matrices of one shape in an array.
   *
   * @param offset elements before the first one
   * @param stride elements from one matrix to the next; it means nothing for a single one
   */
  public record Matrices(int offset, int stride) {
    /** The same so many elements further. */
    public Matrices after(int elements) {
      return new Matrices(Math.addExact(offset, elements), stride);
    }
  }

  /**
   * The call for c = op(a) op(b) of so many matrices, c in f32.
   *
   * @param product of {@link GemmCall#rowMajor}
   */
  public static GemmBatch rowMajor(
      GemmCall product, int count, Matrices a, Matrices b, Matrices c) {
    return new GemmBatch(product, count, b, a, c, false);
  }

  /** This call with results in bf16. */
  public GemmBatch rounding() {
    return new GemmBatch(product, count, first, second, result, true);
  }

  /** {@code cudaDataType_t} of the results. */
  int resultType() {
    return rounded ? GemmCall.CUDA_R_16BF : GemmCall.CUDA_R_32F;
  }

  /** Bytes of an element of the results. */
  int resultBytes() {
    return rounded ? Short.BYTES : Float.BYTES;
  }
}
