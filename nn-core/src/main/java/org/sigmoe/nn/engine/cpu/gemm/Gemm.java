package org.sigmoe.nn.engine.cpu.gemm;

/**
 * An implementation of matrix products. Use: choose one ({@link Gemms#choose}), {@link #plan} each
 * shape once, {@link GemmPlan#run} the plans, close the plans, close this. Safe for use by several
 * threads at once.
 */
public interface Gemm extends AutoCloseable {

  /** Short name for logs and for {@link Gemms#PROPERTY}, such as {@code onednn}. */
  String name();

  /** One line for people: library, version and the instruction set in use. */
  String description();

  /**
   * Whether products of this type run on instructions made for it, so that they are worth choosing
   * for speed. Every type is computed correctly whatever the answer.
   */
  boolean isFast(OperandType type);

  /**
   * Compiles a product.
   *
   * @throws GemmException if the implementation refuses the shape
   */
  GemmPlan plan(GemmShape shape);

  /** Frees what the implementation holds; its plans must have been closed before. */
  @Override
  void close();
}
