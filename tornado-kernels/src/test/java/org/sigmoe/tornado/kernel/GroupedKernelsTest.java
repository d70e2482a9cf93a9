package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.tornado.api.KernelTasks;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Sizes that the ops' tests do not reach: sorts of several passes, tall tiles, many chunks. */
final class GroupedKernelsTest {
  private static final int TOKENS = 8200;
  private static final int SLOTS = 2;
  private static final int ROWS = TOKENS * SLOTS;
  private static final int GROUPS = 5;

  /** Columns of tokens, over two tiles. */
  private static final int WIDTH = 130;

  /** Columns of sorted rows. */
  private static final int SIZE = 36;

  private final TaskGraph graph = new TaskGraph("grouped");
  private final GridScheduler threads = new GridScheduler();
  private final KernelTasks tasks = new KernelTasks(graph, threads);
  private final Random random = new Random(3);

  @ParameterizedTest
  @CsvSource({"3000, 256", "70000, 300", "5000, 70000"})
  void sortIsStable(int positions, int groups) throws TornadoExecutionPlanException {
    IntArray indices = below(groups, positions);
    IntArray order = new IntArray(positions);
    IntArray offsets = new IntArray(groups + 1);
    IntArray counts = new IntArray(groups);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, indices);
    new RouteShape(positions, groups).addTo(tasks, indices, order, offsets, counts);
    run(order, offsets, counts);

    int[] expected =
        IntStream.range(0, positions)
            .boxed()
            .sorted(Comparator.comparingInt(indices::get))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] found = new int[groups];
    for (int s = 0; s < positions; s++) {
      assertEquals(expected[s], order.get(s), "order of " + s);
      found[indices.get(s)]++;
    }
    int start = 0;
    for (int group = 0; group < groups; group++) {
      assertEquals(start, offsets.get(group), "start of group " + group);
      assertEquals(found[group], counts.get(group), "rows of group " + group);
      start += found[group];
    }
    assertEquals(positions, offsets.get(groups));
  }

  @Test
  void productsOfManyRowsAreRight() throws TornadoExecutionPlanException {
    IntArray chosen = below(GROUPS, ROWS);
    FloatArray x = normal(TOKENS * WIDTH);
    FloatArray m = normal(GROUPS * SIZE * WIDTH);
    FloatArray z = normal(ROWS * SIZE);
    FloatArray weights = normal(ROWS);
    IntArray order = new IntArray(ROWS);
    IntArray offsets = new IntArray(GROUPS + 1);
    FloatArray gathered = new FloatArray(ROWS * SIZE);
    FloatArray scattered = new FloatArray(TOKENS * WIDTH);
    FloatArray outer = new FloatArray(GROUPS * SIZE * WIDTH);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, chosen, x, m, z, weights);
    new RouteShape(ROWS, GROUPS).addTo(tasks, chosen, order, offsets, new IntArray(GROUPS));
    GroupedMatMulShape.of(TOKENS, SLOTS, GROUPS, WIDTH, SIZE)
        .transposed()
        .addGather(tasks, x, m, order, offsets, gathered);
    GroupedMatMulShape.of(TOKENS, SLOTS, GROUPS, SIZE, WIDTH)
        .addWeightedScatter(tasks, z, m, weights, order, offsets, scattered);
    new GroupedOuterProductShape(ROWS, GROUPS, SIZE, WIDTH, 0, SLOTS)
        .addTo(tasks, z, x, weights, order, offsets, outer);
    run(order, gathered, scattered, outer);

    double[] gather = new double[ROWS * SIZE];
    double[] scatter = new double[TOKENS * WIDTH];
    double[] sums = new double[GROUPS * SIZE * WIDTH];
    for (int s = 0; s < ROWS; s++) {
      int slot = order.get(s);
      int token = slot / SLOTS;
      int group = chosen.get(slot);
      for (int i = 0; i < SIZE; i++) {
        double weighted = (double) weights.get(slot) * z.get(s * SIZE + i);
        for (int j = 0; j < WIDTH; j++) {
          int at = (group * SIZE + i) * WIDTH + j;
          gather[s * SIZE + i] += (double) x.get(token * WIDTH + j) * m.get(at);
          scatter[token * WIDTH + j] += weighted * m.get(at);
          sums[at] += weighted * x.get(token * WIDTH + j);
        }
      }
    }
    check(gather, gathered, "gathered");
    check(scatter, scattered, "scattered");
    check(sums, outer, "outer");
  }

  private static void check(double[] expected, FloatArray actual, String what) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual.get(i), 2e-5 * largest, what + " " + i);
    }
  }

  private void run(Object... results) throws TornadoExecutionPlanException {
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, results);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(threads).execute();
    }
  }

  private IntArray below(int bound, int elements) {
    IntArray array = new IntArray(elements);
    for (int i = 0; i < elements; i++) {
      array.set(i, random.nextInt(bound));
    }
    return array;
  }

  private FloatArray normal(int elements) {
    FloatArray array = new FloatArray(elements);
    for (int i = 0; i < elements; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }
}
