package org.sigmoe.nn.engine.cpu.gemm;

import org.sigmoe.nn.graph.op.Transpose;

/**
 * The loops around {@link Tile}: blocks of B that stay in the second-level cache, blocks of A that
 * stay beside them, and the tiles of C they touch. The order of every sum depends on k alone, so
 * rows may be split over threads in any way without changing a bit of the result.
 */
final class JavaGemmPlan extends CheckedPlan {
  /** Extent along k of the packed blocks: one panel of B then fits the first-level cache. */
  private static final int DEPTH = 256;

  /** Rows of a packed block of A, a multiple of the tile's. */
  private static final int ROWS = 16 * Tile.ROWS;

  /** Columns of a packed block of B, a multiple of the tile's. */
  private static final int COLUMNS = 16 * Tile.COLUMNS;

  /** Packed blocks of one thread at work. */
  static final class Scratch {
    private final float[] a = new float[ROWS * DEPTH];
    private final float[] b = new float[COLUMNS * DEPTH];
    private final float[] sums = new float[Tile.ROWS * Tile.COLUMNS];
  }

  private final GemmShape shape;
  private final Slots<Scratch> scratches;

  JavaGemmPlan(GemmShape shape, Slots<Scratch> scratches) {
    super(shape);
    this.shape = shape;
    this.scratches = scratches;
  }

  @Override
  void execute(long a, long b, long c, long bias) {
    int bytes = shape.type().bytes();
    Scratch scratch = scratches.take();
    try {
      for (int i = 0; i < shape.batch(); i++) {
        long atC = c + i * shape.strideC() * Float.BYTES;
        product(scratch, a + i * shape.strideA() * bytes, b + i * shape.strideB() * bytes, atC);
        if (shape.output().hasBias()) {
          addBias(atC, bias);
        }
        if (shape.output().hasRelu()) {
          relu(atC);
        }
      }
    } finally {
      scratches.giveBack(scratch);
    }
  }

  private void product(Scratch scratch, long a, long b, long c) {
    OperandType type = shape.type();
    int rowStrideA = shape.transposeA() == Transpose.NO ? shape.lda() : 1;
    int depthStrideA = shape.transposeA() == Transpose.NO ? 1 : shape.lda();
    int columnStrideB = shape.transposeB() == Transpose.NO ? 1 : shape.ldb();
    int depthStrideB = shape.transposeB() == Transpose.NO ? shape.ldb() : 1;
    for (int column = 0; column < shape.n(); column += COLUMNS) {
      int columns = Math.min(COLUMNS, shape.n() - column);
      for (int p = 0; p < shape.k(); p += DEPTH) {
        int depth = Math.min(DEPTH, shape.k() - p);
        Output output = p == 0 ? shape.output() : Output.ACCUMULATE;
        long blockB = b + ((long) p * depthStrideB + (long) column * columnStrideB) * type.bytes();
        Panels.pack(
            scratch.b, Tile.COLUMNS, blockB, type, columns, depth, columnStrideB, depthStrideB);
        for (int row = 0; row < shape.m(); row += ROWS) {
          int rows = Math.min(ROWS, shape.m() - row);
          long blockA = a + ((long) row * rowStrideA + (long) p * depthStrideA) * type.bytes();
          Panels.pack(scratch.a, Tile.ROWS, blockA, type, rows, depth, rowStrideA, depthStrideA);
          long blockC = c + ((long) row * shape.ldc() + column) * Float.BYTES;
          tiles(scratch, blockC, rows, columns, depth, output);
        }
      }
    }
  }

  private void tiles(Scratch scratch, long c, int rows, int columns, int depth, Output output) {
    for (int column = 0; column < columns; column += Tile.COLUMNS) {
      for (int row = 0; row < rows; row += Tile.ROWS) {
        Tile.multiply(depth, scratch.a, row * depth, scratch.b, column * depth, scratch.sums);
        Tile.store(
            scratch.sums,
            c + ((long) row * shape.ldc() + column) * Float.BYTES,
            shape.ldc(),
            Math.min(Tile.ROWS, rows - row),
            Math.min(Tile.COLUMNS, columns - column),
            output);
      }
    }
  }

  private void addBias(long c, long bias) {
    for (int i = 0; i < shape.m(); i++) {
      long row = c + (long) i * shape.ldc() * Float.BYTES;
      for (long at = 0; at < (long) shape.n() * Float.BYTES; at += Float.BYTES) {
        float sum = NativeMemory.getFloat(row + at) + NativeMemory.getFloat(bias + at);
        NativeMemory.putFloat(row + at, sum);
      }
    }
  }

  private void relu(long c) {
    for (int i = 0; i < shape.m(); i++) {
      long row = c + (long) i * shape.ldc() * Float.BYTES;
      for (long at = 0; at < (long) shape.n() * Float.BYTES; at += Float.BYTES) {
        NativeMemory.putFloat(row + at, Math.max(0f, NativeMemory.getFloat(row + at)));
      }
    }
  }

  /** Nothing to do: scratch memory belongs to the {@link JavaGemm}. */
  @Override
  void free() {}
}
