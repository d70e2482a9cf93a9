package org.sigmoe.nn.engine.cpu.gemm;

/**
 * A compiled matrix product. It may be run by several threads at once on different C, works on the
 * calling thread alone, and allocates nothing on the Java heap once warm.
 *
 * <p>Addresses point at native memory that the caller keeps alive, large enough for the shape; they
 * are aligned to their elements and are not checked. C must not overlap A, B or the bias.
 */
public interface GemmPlan extends AutoCloseable {

  /** The shape this was compiled for. */
  GemmShape shape();

  /**
   * Computes the product.
   *
   * @param a address of A, elements of {@link GemmShape#type}
   * @param b address of B, elements of {@link GemmShape#type}
   * @param c address of C, elements of {@link GemmShape#result}
   * @throws IllegalStateException if the shape's output needs a bias, or this is closed
   * @throws GemmException if the native library fails
   */
  void run(long a, long b, long c);

  /**
   * Computes the product with a bias.
   *
   * @param a address of A, elements of {@link GemmShape#type}
   * @param b address of B, elements of {@link GemmShape#type}
   * @param c address of C, elements of {@link GemmShape#result}
   * @param bias address of the bias [n], f32, shared by all products of a batch
   * @throws IllegalStateException if the shape's output takes no bias, or this is closed
   * @throws GemmException if the native library fails
   */
  void run(long a, long b, long c, long bias);

  /** Frees the plan. No run may be in progress. */
  @Override
  void close();
}
