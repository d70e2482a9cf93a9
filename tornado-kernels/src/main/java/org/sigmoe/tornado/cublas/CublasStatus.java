package org.sigmoe.tornado.cublas;

import java.util.Arrays;

/** What cuBLAS answers ({@code cublasStatus_t} in cublas_api.h). */
enum CublasStatus {
  SUCCESS(0, "done"),
  NOT_INITIALIZED(1, "the CUDA driver or cuBLAS is not initialised"),
  ALLOC_FAILED(3, "out of device memory, or the workspace is too small"),
  INVALID_VALUE(7, "an argument is wrong"),
  ARCH_MISMATCH(8, "the GPU is too old for this precision"),
  MAPPING_ERROR(11, "GPU memory could not be accessed"),
  EXECUTION_FAILED(13, "the kernel failed on the GPU"),
  INTERNAL_ERROR(14, "an internal operation of cuBLAS failed"),
  NOT_SUPPORTED(15, "this cuBLAS does not offer it for these types and sizes"),
  LICENSE_ERROR(16, "a licence is missing");

  private final int code;
  private final String meaning;

  CublasStatus(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** Name and meaning of a status, or its number where it is unknown. */
  static String describe(int code) {
    return Arrays.stream(values())
        .filter(status -> status.code == code)
        .findAny()
        .map(status -> "CUBLAS_STATUS_%s (%d): %s".formatted(status, code, status.meaning))
        .orElse("unknown status " + code);
  }
}
