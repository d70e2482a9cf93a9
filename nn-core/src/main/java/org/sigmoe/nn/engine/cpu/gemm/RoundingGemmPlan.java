package org.sigmoe.nn.engine.cpu.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Products whose C is bf16, by way of one in floats that is rounded. */
final class RoundingGemmPlan extends CheckedPlan {
  private final GemmShape shape;

  /** One product of the batch, with contiguous floats as its C. */
  private final GemmPlan exact;

  private final Slots<Sums> sums;

  /** The floats of one thread at work. */
  private static final class Sums implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment floats;

    Sums(GemmShape shape) {
      floats = arena.allocate(Float.BYTES * (long) shape.m() * shape.n(), Float.BYTES);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /**
   * Plans of such a shape.
   *
   * @param shape with C in bf16
   * @param gemm plans products with C in f32
   */
  RoundingGemmPlan(GemmShape shape, Gemm gemm) {
    super(shape);
    this.shape = shape;
    this.exact =
        gemm.plan(
            shape
                .withResult(OperandType.F32)
                .withBatch(1, 0, 0, 0)
                .withLeadingDimensions(shape.lda(), shape.ldb(), shape.n()));
    this.sums = new Slots<>(() -> new Sums(shape), Sums::close);
  }

  @Override
  void execute(long a, long b, long c, long bias) {
    Sums held = sums.take();
    try {
      for (int i = 0; i < shape.batch(); i++) {
        product(
            a + i * shape.strideA() * Bf16.BYTES,
            b + i * shape.strideB() * Bf16.BYTES,
            c + i * shape.strideC() * Bf16.BYTES,
            bias,
            held.floats.address());
      }
    } finally {
      sums.giveBack(held);
    }
  }

  private void product(long a, long b, long c, long bias, long floats) {
    if (shape.output().hasBias()) {
      exact.run(a, b, floats, bias);
    } else {
      exact.run(a, b, floats);
    }
    for (int row = 0; row < shape.m(); row++) {
      Bf16.round(
          floats + Float.BYTES * (long) row * shape.n(),
          c + Bf16.BYTES * (long) row * shape.ldc(),
          shape.n());
    }
  }

  @Override
  void free() {
    exact.close();
    sums.close();
  }
}
