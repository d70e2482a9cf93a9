package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The gradient of a router's logits in one pass, beside sums in double. */
final class RouterGradientKernelsTest {
  private final Random random = new Random(3);

  @ParameterizedTest
  @CsvSource({"3, 5, 2", "9, 32, 1", "21, 70, 16", "10, 256, 4", "3, 700, 3", "2, 4096, 16"})
  void isWrittenInPlaceOrRounded(int rows, int columns, int k)
      throws TornadoExecutionPlanException {
    int pitch = RoundingKernels.pitch(columns);
    FloatArray dlogp = normal(columns);
    FloatArray x = normal(rows * columns);
    FloatArray logp = normal(columns);
    FloatArray lse = normal(rows);
    FloatArray dchosen = normal(rows * k);
    IntArray indices = indices(rows, columns, k);
    IntArray pairs = new IntArray(rows * pitch / 2);
    pairs.init(-1);
    double[][] expected = expected(dlogp, x, logp, lse, dchosen, indices, rows, columns, k);

    run(dlogp, x, logp, lse, dchosen, indices, rows, columns, k, 1, pairs);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < pitch; c++) {
        int pair = pairs.get((row * pitch + c) / 2);
        float actual = c % 2 == 0 ? Bf16Pairs.first(pair) : Bf16Pairs.second(pair);
        double dx = c < columns ? expected[row][c] : 0;
        assertEquals(dx, actual, 1e-5 + Math.abs(dx) / 250, "rounded: " + row + ", " + c);
      }
    }
    run(dlogp, x, logp, lse, dchosen, indices, rows, columns, k, 0, pairs);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < columns; c++) {
        double dx = expected[row][c];
        float actual = x.get(row * columns + c);
        assertEquals(dx, actual, 1e-5 * (1 + Math.abs(dx)), row + ", " + c);
      }
    }
  }

  private static void run(
      FloatArray dlogp,
      FloatArray x,
      FloatArray logp,
      FloatArray lse,
      FloatArray dchosen,
      IntArray indices,
      int rows,
      int columns,
      int k,
      int rounded,
      IntArray pairs)
      throws TornadoExecutionPlanException {
    GridScheduler threads = new GridScheduler("router.sum", LaunchShapes.rows(rows, columns));
    TaskGraph graph =
        new TaskGraph("router")
            .transferToDevice(
                DataTransferMode.FIRST_EXECUTION, dlogp, x, logp, lse, dchosen, indices, pairs)
            .addTask(
                new TaskPackage(
                    "sum",
                    RouterGradientKernels::gradient,
                    new KernelContext(),
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
                    RoundingKernels.pitch(columns),
                    pairs))
            .transferToHost(DataTransferMode.EVERY_EXECUTION, x, pairs);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(threads).execute();
    }
  }

  private static double[][] expected(
      FloatArray dlogp,
      FloatArray x,
      FloatArray logp,
      FloatArray lse,
      FloatArray dchosen,
      IntArray indices,
      int rows,
      int columns,
      int k) {
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
  private IntArray indices(int rows, int columns, int k) {
    IntArray indices = new IntArray(rows * k);
    for (int row = 0; row < rows; row++) {
      int first = random.nextInt(columns);
      for (int i = 0; i < k; i++) {
        indices.set(row * k + i, (first + i) % columns);
      }
    }
    return indices;
  }

  private FloatArray normal(int elements) {
    FloatArray array = new FloatArray(elements);
    for (int i = 0; i < elements; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }
}
