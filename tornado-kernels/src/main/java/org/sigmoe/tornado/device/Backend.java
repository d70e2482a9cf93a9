package org.sigmoe.tornado.device;

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

  @Override
  public String toString() {
    return label;
  }
}
