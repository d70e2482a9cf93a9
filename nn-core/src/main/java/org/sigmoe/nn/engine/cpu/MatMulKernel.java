package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.engine.cpu.gemm.GemmPlan;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;
import org.sigmoe.nn.graph.op.Transpose;

/**
 * {@link org.sigmoe.nn.graph.op.MatMul}: one library call a chunk, each on one native thread. The
 * result is cut by rows, or by columns where it has few rows.
 */
final class MatMulKernel implements ClosableKernel {
  /** FLOPs below which a product is not worth cutting further. */
  private static final long GRAIN = 1_000_000;

  /** Chunks a thread gets, so that one that is held up does not hold up all. */
  private static final int CHUNKS_A_THREAD = 2;

  private final Split split;
  private final GemmPlan whole;
  private final GemmPlan last;
  private final long a;
  private final long b;
  private final long c;
  private final long stepA;
  private final long stepB;
  private final long stepC;

  /**
   * A product.
   *
   * @param shape of the whole product
   * @param a address of the first operand, of the shape's element type
   * @param b address of the second operand, of the shape's element type
   * @param c address of the result
   */
  MatMulKernel(Gemm gemm, GemmShape shape, int threads, long a, long b, long c) {
    boolean byRows = shape.m() >= shape.n() || shape.m() >= 16 * threads;
    int items = byRows ? shape.m() : shape.n();
    this.split = split(shape, items, threads);
    this.whole = gemm.plan(part(shape, byRows, split.end(0)));
    int lastChunk = split.chunks() - 1;
    this.last = gemm.plan(part(shape, byRows, items - split.begin(lastChunk)));
    this.a = a;
    this.b = b;
    this.c = c;
    long operand = shape.type().bytes();
    this.stepA = byRows ? operand * (shape.transposeA() == Transpose.NO ? shape.lda() : 1) : 0;
    this.stepB = byRows ? 0 : operand * (shape.transposeB() == Transpose.NO ? 1 : shape.ldb());
    this.stepC = Float.BYTES * (byRows ? (long) shape.ldc() : 1);
  }

  private static Split split(GemmShape shape, int items, int threads) {
    long flops = 2L * shape.m() * shape.n() * shape.k();
    long chunks = threads == 1 ? 1 : Math.clamp(flops / GRAIN, 1, (long) threads * CHUNKS_A_THREAD);
    long chunkItems = Math.ceilDiv(items, chunks);
    // Whole tiles of 16 keep all chunks but the last on the library's fast path.
    long tiled = chunkItems >= 16 ? Math.ceilDiv(chunkItems, 16) * 16 : chunkItems;
    return new Split(items, (int) Math.min(items, tiled));
  }

  private static GemmShape part(GemmShape shape, boolean byRows, int items) {
    return byRows ? shape.withRows(items) : shape.withColumns(items);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long begin = split.begin(chunk);
    GemmPlan plan = chunk == split.chunks() - 1 ? last : whole;
    plan.run(a + begin * stepA, b + begin * stepB, c + begin * stepC);
  }

  @Override
  public void close() {
    whole.close();
    last.close();
  }
}
