package org.sigmoe.nn.engine.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.sigmoe.nn.graph.op.Transpose;

/** Random operands of one product in native memory, and what the product must make of them. */
final class GemmCase {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** Rounding to 8 significant bits is off by at most so much of a number. */
  private static final double HALF_PLACE = 0x1p-8;

  private final GemmShape shape;
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment c;
  private final MemorySegment bias;

  /** C as it was before the product. */
  private final float[] before;

  GemmCase(GemmShape shape, Arena arena, int seed) {
    this.shape = shape;
    SplittableRandom random = new SplittableRandom(seed);
    int rowsA = shape.transposeA() == Transpose.NO ? shape.m() : shape.k();
    int rowsB = shape.transposeB() == Transpose.NO ? shape.k() : shape.n();
    a = matrix(shape.type(), arena, random, extent(rowsA, shape.lda(), shape.strideA()));
    b = matrix(shape.type(), arena, random, extent(rowsB, shape.ldb(), shape.strideB()));
    long elements = extent(shape.m(), shape.ldc(), shape.strideC());
    c = matrix(shape.result(), arena, random, elements);
    bias = floats(arena, random, shape.n());
    before = new float[Math.toIntExact(elements)];
    for (int at = 0; at < before.length; at++) {
      before[at] = element(shape.result(), c, at);
    }
  }

  long a() {
    return a.address();
  }

  long b() {
    return b.address();
  }

  long c() {
    return c.address();
  }

  long bias() {
    return bias.address();
  }

  /** Byte at which C differs from another case's C, or -1. */
  long mismatchOfC(GemmCase other) {
    return c.mismatch(other.c);
  }

  /** Compares every element of C with the product in double, and the rest with what it was. */
  void verify() {
    double[] expected = new double[before.length];
    double[] allowed = new double[before.length];
    for (int at = 0; at < before.length; at++) {
      expected[at] = before[at];
    }
    for (int batch = 0; batch < shape.batch(); batch++) {
      for (int i = 0; i < shape.m(); i++) {
        for (int j = 0; j < shape.n(); j++) {
          int at = (int) (batch * shape.strideC() + (long) i * shape.ldc() + j);
          expectElement(expected, allowed, at, batch, i, j);
        }
      }
    }
    for (int at = 0; at < before.length; at++) {
      float got = element(shape.result(), c, at);
      if (allowed[at] == 0) {
        assertEquals(before[at], got, () -> "touched C outside the product: " + shape);
      }
      assertTrue(
          Math.abs(got - expected[at]) <= allowed[at],
          "C[" + at + "] is " + got + ", expected " + expected[at] + " in " + shape);
    }
  }

  /** Rounding of k + 2 f32 operations is bounded by their number, the unit and the magnitudes. */
  private void expectElement(double[] expected, double[] allowed, int at, int batch, int i, int j) {
    double sum = 0;
    double magnitude = 0;
    for (int p = 0; p < shape.k(); p++) {
      double product = elementA(batch, i, p) * elementB(batch, p, j);
      sum += product;
      magnitude += Math.abs(product);
    }
    switch (shape.output()) {
      case OVERWRITE, RELU -> {}
      case ACCUMULATE -> {
        sum += before[at];
        magnitude += Math.abs(before[at]);
      }
      case BIAS, BIAS_RELU -> {
        float added = bias.getAtIndex(FLOAT, j);
        sum += added;
        magnitude += Math.abs(added);
      }
    }
    expected[at] = shape.output().hasRelu() ? Math.max(0, sum) : sum;
    allowed[at] = Math.scalb((shape.k() + 2) * magnitude, -24) + Float.MIN_NORMAL;
    if (shape.result() == OperandType.BF16) {
      allowed[at] += HALF_PLACE * (Math.abs(expected[at]) + allowed[at]);
    }
  }

  private double elementA(int batch, int i, int p) {
    int stored = shape.transposeA() == Transpose.NO ? i * shape.lda() + p : p * shape.lda() + i;
    return element(shape.type(), a, batch * shape.strideA() + stored);
  }

  private double elementB(int batch, int p, int j) {
    int stored = shape.transposeB() == Transpose.NO ? p * shape.ldb() + j : j * shape.ldb() + p;
    return element(shape.type(), b, batch * shape.strideB() + stored);
  }

  private static float element(OperandType type, MemorySegment operand, long index) {
    return switch (type) {
      case F32 -> operand.getAtIndex(FLOAT, index);
      case BF16 -> Bf16.toFloat(operand.getAtIndex(ValueLayout.JAVA_SHORT, index));
    };
  }

  /** Elements from the first to the end of the last row's padding. */
  private long extent(int rows, int leading, long stride) {
    return (shape.batch() - 1) * stride + (long) rows * leading;
  }

  private static MemorySegment matrix(
      OperandType type, Arena arena, SplittableRandom random, long elements) {
    if (type == OperandType.F32) {
      return floats(arena, random, elements);
    }
    MemorySegment made = arena.allocate(ValueLayout.JAVA_SHORT, elements);
    for (long i = 0; i < elements; i++) {
      float value = (float) random.nextDouble(-1, 1);
      made.setAtIndex(ValueLayout.JAVA_SHORT, i, Bf16.fromFloat(value));
    }
    return made;
  }

  private static MemorySegment floats(Arena arena, SplittableRandom random, long elements) {
    MemorySegment made = arena.allocate(FLOAT, elements);
    for (long i = 0; i < elements; i++) {
      made.setAtIndex(FLOAT, i, (float) random.nextDouble(-1, 1));
    }
    return made;
  }
}
