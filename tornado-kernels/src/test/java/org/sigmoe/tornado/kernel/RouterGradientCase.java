package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Operands of a router's gradient, beside sums in double. */
final class RouterGradientCase {
  private final Random random = new Random(3);
  private final int rows;
  private final int columns;
  private final int k;
  private final int pitch;
  private final FloatArray dlogp;
  private final FloatArray x;
  private final FloatArray logp;
  private final FloatArray lse;
  private final FloatArray dchosen;
  private final IntArray indices;
  private final IntArray pairs;
  private final double[][] expected;

  RouterGradientCase(int rows, int columns, int k) {
    this.rows = rows;
    this.columns = columns;
    this.k = k;
    this.pitch = RoundingKernels.pitch(columns);
    this.dlogp = normal(columns);
    this.x = normal(rows * columns);
    this.logp = normal(columns);
    this.lse = normal(rows);
    this.dchosen = normal(rows * k);
    this.indices = indices();
    this.pairs = new IntArray(rows * pitch / 2);
    pairs.init(-1);
    this.expected = expected();
  }

  /** What the kernel reads and writes. */
  Object[] arrays() {
    return new Object[] {dlogp, x, logp, lse, dchosen, indices, pairs};
  }

  /** What the kernel may write. */
  Object[] results() {
    return new Object[] {x, pairs};
  }

  TaskPackage task(String id, KernelContext context, int rounded, int byWarps) {
    return new TaskPackage(
        id,
        RouterGradientKernels::gradient,
        context,
        dlogp,
        x,
        logp,
        lse,
        dchosen,
        indices,
        rows,
        columns,
        k,
        RouterGradientKernels.pairsOfLane(columns),
        ActivationFunctions.SIGMOID,
        rounded,
        pitch,
        byWarps,
        pairs);
  }

  void assertRounded() {
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < pitch; c++) {
        int pair = pairs.get((row * pitch + c) / 2);
        float actual = c % 2 == 0 ? Bf16Pairs.first(pair) : Bf16Pairs.second(pair);
        double dx = c < columns ? expected[row][c] : 0;
        assertEquals(dx, actual, 1e-5 + Math.abs(dx) / 250, "rounded: " + row + ", " + c);
      }
    }
  }

  void assertInPlace() {
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < columns; c++) {
        double dx = expected[row][c];
        float actual = x.get(row * columns + c);
        assertEquals(dx, actual, 1e-5 * (1 + Math.abs(dx)), row + ", " + c);
      }
    }
  }

  private double[][] expected() {
    double[][] dx = new double[rows][columns];
    for (int row = 0; row < rows; row++) {
      double[] r = new double[columns];
      double total = 0;
      for (int c = 0; c < columns; c++) {
        double logq = (double) x.get(row * columns + c) - lse.get(row);
        r[c] = dlogp.get(c) * Math.exp(logq - logp.get(c));
        total += r[c];
      }
      for (int c = 0; c < columns; c++) {
        double q = Math.exp((double) x.get(row * columns + c) - lse.get(row));
        dx[row][c] = (r[c] - q * total) / rows;
      }
      for (int i = row * k; i < (row + 1) * k; i++) {
        int c = indices.get(i);
        double y = 1 / (1 + Math.exp(-x.get(row * columns + c)));
        dx[row][c] += dchosen.get(i) * y * (1 - y);
      }
    }
    return dx;
  }

  /** Distinct ones in each row. */
  private IntArray indices() {
    IntArray drawn = new IntArray(rows * k);
    for (int row = 0; row < rows; row++) {
      int first = random.nextInt(columns);
      for (int i = 0; i < k; i++) {
        drawn.set(row * k + i, (first + i) % columns);
      }
    }
    return drawn;
  }

  private FloatArray normal(int elements) {
    FloatArray array = new FloatArray(elements);
    for (int i = 0; i < elements; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }
}
