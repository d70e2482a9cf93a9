package org.sigmoe.tornado.device;

import java.util.Optional;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** The backends of TornadoVM that the engine serves. */
public enum Backend {
  /** OpenCL C: any vendor, and PoCL on the CPU. */
  OPENCL("opencl"),
  /** CUDA C compiled by NVRTC, with cuBLAS and CUDA graphs. */
  CUDA("cuda");

  private final String label;

  Backend(String label) {
    this.label = label;
  }

  /** The backend of that kind; empty if it is one that the engine does not serve. */
  static Optional<Backend> of(TornadoVMBackendType type) {
    return switch (type) {
      case OPENCL -> Optional.of(OPENCL);
      case CUDA -> Optional.of(CUDA);
      default -> Optional.empty();
    };
  }

  @Override
  public String toString() {
    return label;
  }
}
