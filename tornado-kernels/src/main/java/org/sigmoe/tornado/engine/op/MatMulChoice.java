package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.engine.EngineException;

/** What computes plain products in bf16 on the CUDA backend. */
enum MatMulChoice {
  /** NVIDIA's cuBLAS, some two and a half times as fast on an H100. */
  CUBLAS,
  /** The kernels that compute products of experts. */
  JAVA;

  /** System property by which a user chooses: {@code cublas}, the default, or {@code java}. */
  static final String PROPERTY = "sigmoe.tornado.matmul";

  /**
   * What the property says.
   *
   * @throws EngineException if that is neither
   */
  static MatMulChoice chosen() {
    String name = System.getProperty(PROPERTY, "cublas");
    return switch (name) {
      case "cublas" -> CUBLAS;
      case "java" -> JAVA;
      default ->
          throw new EngineException("-D%s=%s is neither cublas nor java".formatted(PROPERTY, name));
    };
  }
}
