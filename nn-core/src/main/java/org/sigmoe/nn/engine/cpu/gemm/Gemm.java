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

  /** Whether products of this type can be planned on this processor; f32 always can. */
  boolean supports(OperandType type);

  /**
   * Whether the processor has units made for products of this type, so that they are worth choosing
   * for speed. What is supported but not fast is right, and may be slower than f32.
   */
  boolean isFast(OperandType type);

  /**
   * Compiles a product.
   *
   * @throws GemmException if the implementation refuses the shape or its type is not supported
   */
  GemmPlan plan(GemmShape shape);

  /** Frees what the implementation holds; its plans must have been closed before. */
  @Override
  void close();
}
