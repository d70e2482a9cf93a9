package org.sigmoe.nn.engine.cpu.gemm;

import jdk.incubator.vector.FloatVector;

/**
 * Matrix products in plain Java with the Vector API: for platforms without a native library, and a
 * second opinion on it in the tests. bfloat16 operands are widened, so they gain nothing in speed.
 */
public final class JavaGemm implements Gemm {
  /** The value of {@link Gemms#PROPERTY} that asks for this. */
  public static final String NAME = "java";

  private final Slots<JavaGemmPlan.Scratch> scratch =
      new Slots<>(JavaGemmPlan.Scratch::new, unused -> {});

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "pure Java, " + FloatVector.SPECIES_PREFERRED.vectorBitSize() + "-bit vectors";
  }

  @Override
  public boolean supports(OperandType type) {
    return true;
  }

  @Override
  public boolean isFast(OperandType type) {
    return type == OperandType.F32;
  }

  @Override
  public GemmPlan plan(GemmShape shape) {
    return shape.result() == OperandType.BF16
        ? new RoundingGemmPlan(shape, this)
        : new JavaGemmPlan(shape, scratch);
  }

  @Override
  public void close() {
    scratch.close();
  }
}
