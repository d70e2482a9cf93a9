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

/** The kernels in a task graph of one's own, on the first device, against sums in double. */
final class MatMulKernelsTest {
  private static final int REPEATS = 2;

  /** Strides of op(a) and op(b) for one choice of transposes. */
  private record Strides(int rowA, int innerA, int innerB, int columnB) {
    static Strides of(int m, int n, int k, boolean turnedA, boolean turnedB) {
      return new Strides(turnedA ? 1 : k, turnedA ? m : 1, turnedB ? 1 : n, turnedB ? k : 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // few rows
    "1, 300, 77, false, false",
    "3, 70, 130, true, true",
    // tiles of 64, sums whole and in parts
    "65, 130, 17, false, true",
    "65, 130, 17, true, false",
    "70, 40, 1030, true, false",
    "70, 40, 1030, false, true",
    // tiles of 128, sums whole and in parts
    "1100, 1030, 20, false, false",
    "1100, 1030, 20, true, true",
    "500, 600, 1025, true, false",
  })
  void productIsRightAndTheSameEachTime(int m, int n, int k, boolean turnedA, boolean turnedB)
      throws TornadoExecutionPlanException {
    FloatArray a = random(m * k, 1);
    FloatArray b = random(k * n, 2);
    FloatArray c = new FloatArray(m * n);
    c.init(Float.NaN);
    Strides strides = Strides.of(m, n, k, turnedA, turnedB);
    TaskGraph graph = new TaskGraph("product");
    GridScheduler threads = new GridScheduler();
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, a, b, c);
    add(graph, threads, MatMulLaunch.of(m, n, k, strides.innerB()), strides, a, b, c, m, n, k);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, c);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(threads).execute();
      float[] first = c.toHeapArray();
      check(first, strides, a, b, m, n, k);
      for (int repeat = 1; repeat < REPEATS; repeat++) {
        plan.execute();
        for (int i = 0; i < first.length; i++) {
          assertEquals(first[i], c.get(i), "element " + i + " in repeat " + repeat);
        }
      }
    }
  }

  private static void add(
      TaskGraph graph,
      GridScheduler threads,
      MatMulLaunch launch,
      Strides by,
      FloatArray a,
      FloatArray b,
      FloatArray c,
      int m,
      int n,
      int k) {
    KernelContext context = new KernelContext();
    threads.addWorkerGrid("product.multiply", launch.threads());
    switch (launch) {
      case MatMulLaunch.Rows rows ->
          graph.addTask(
              new TaskPackage(
                  "multiply",
                  MatMulKernels::byRows,
                  context,
                  a,
                  b,
                  c,
                  m,
                  n,
                  k,
                  by.rowA(),
                  by.innerA(),
                  by.innerB(),
                  by.columnB(),
                  rows.lanes()));
      case MatMulLaunch.Tiles tiles -> {
        FloatArray sums = tiles.parts() == 1 ? c : new FloatArray(tiles.parts() * m * n);
        sums.init(Float.NaN);
        graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, sums);
        graph.addTask(
            new TaskPackage(
                "multiply",
                MatMulKernels::byTiles,
                context,
                a,
                b,
                sums,
                m,
                n,
                k,
                by.rowA(),
                by.innerA(),
                by.innerB(),
                by.columnB(),
                tiles.values(),
                tiles.chunk()));
        if (tiles.parts() > 1) {
          threads.addWorkerGrid("product.sum", LaunchShapes.elements(m * n));
          graph.addTask(
              new TaskPackage(
                  "sum", MatMulKernels::sumParts, context, sums, c, m * n, tiles.parts()));
        }
      }
    }
  }

  private static void check(
      float[] actual, Strides by, FloatArray a, FloatArray b, int m, int n, int k) {
    double largest = 0;
    double[] expected = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          double left = a.get(i * by.rowA() + p * by.innerA());
          sum += left * b.get(p * by.innerB() + j * by.columnB());
        }
        expected[i * n + j] = sum;
        largest = Math.max(largest, Math.abs(sum));
      }
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 2e-5 * largest, "element " + i);
    }
  }

  private static FloatArray random(int length, long seed) {
    Random random = new Random(seed);
    FloatArray array = new FloatArray(length);
    for (int i = 0; i < length; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }
}
