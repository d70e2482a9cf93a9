package org.sigmoe.nn.engine.cpu.gemm;

import java.io.Serial;

/** A matrix-product implementation could not be loaded or refused or failed a call. */
public final class GemmException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** With what was attempted, on which shape, and what came back. */
  public GemmException(String message) {
    super(message);
  }

  /** With what was attempted and the failure underneath. */
  public GemmException(String message, Throwable cause) {
    super(message, cause);
  }
}
