package org.sigmoe.nn.engine.cpu.gemm;

/** What all plans have in common: their shape, and the refusal of calls that do not fit it. */
abstract sealed class CheckedPlan implements GemmPlan
    permits JavaGemmPlan, OneDnnPlan, RoundingGemmPlan {
  private final GemmShape shape;
  private volatile boolean closed;

  CheckedPlan(GemmShape shape) {
    this.shape = shape;
  }

  @Override
  public final GemmShape shape() {
    return shape;
  }

  @Override
  public final void run(long a, long b, long c) {
    if (shape.output().hasBias()) {
      throw new IllegalStateException("this matrix product needs a bias: " + shape);
    }
    checkOpen();
    execute(a, b, c, 0);
  }

  @Override
  public final void run(long a, long b, long c, long bias) {
    if (!shape.output().hasBias()) {
      throw new IllegalStateException("this matrix product takes no bias: " + shape);
    }
    checkOpen();
    execute(a, b, c, bias);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this matrix product is closed: " + shape);
    }
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      free();
    }
  }

  /** Computes the product; {@code bias} is 0 where the shape has none. */
  abstract void execute(long a, long b, long c, long bias);

  /** Frees what the plan holds; called once. */
  abstract void free();
}
