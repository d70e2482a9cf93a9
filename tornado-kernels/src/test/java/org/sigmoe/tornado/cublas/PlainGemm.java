package org.sigmoe.tornado.cublas;

/** What cuBLAS computes, in plain Java. */
final class PlainGemm {
  private PlainGemm() {}

  /**
   * {@code gemm} of the BLAS, alpha 1 and beta 0 or 1: element [i, j] of a matrix is at i + j * ld.
   */
  static void run(GemmCall call, double[] first, double[] second, double[] result) {
    boolean firstAsItLies = GemmCall.operation(call.transposeFirst()) == 0;
    boolean secondAsItLies = GemmCall.operation(call.transposeSecond()) == 0;
    int ld1 = call.pitchFirst();
    int ld2 = call.pitchSecond();
    for (int j = 0; j < call.columns(); j++) {
      for (int i = 0; i < call.rows(); i++) {
        double sum = 0;
        for (int p = 0; p < call.inner(); p++) {
          sum +=
              first[call.offsetFirst() + (firstAsItLies ? i + p * ld1 : p + i * ld1)]
                  * second[secondAsItLies ? p + j * ld2 : j + p * ld2];
        }
        int at = call.offsetResult() + i + j * call.pitchResult();
        result[at] = call.added() ? result[at] + sum : sum;
      }
    }
  }
}
