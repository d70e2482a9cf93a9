package org.sigmoe.nn.engine.cpu.gemm;

/** Chooses how matrix products are computed. */
public final class Gemms {
  /** System property that forces an implementation by name: {@code java}. */
  public static final String PROPERTY = "sigmoe.gemm";

  private Gemms() {}

  /**
   * A chosen implementation.
   *
   * @param gemm the implementation, to be closed by the caller
   * @param reason one line for people: what was chosen, and why if it is not the fastest
   */
  public record Choice(Gemm gemm, String reason) {}

  /** Opens the fastest implementation that works here, or the one that {@link #PROPERTY} names. */
  public static Choice choose() {
    Gemm gemm = new JavaGemm();
    return new Choice(gemm, "matrix products: " + gemm.description());
  }
}
