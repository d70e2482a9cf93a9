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
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Layer norm that writes rounded rows, to a copy of their own and among those of others. */
final class RoundedLayerNormTest {
  private static final float EPSILON = 1e-5f;

  /** What nobody has written. */
  private static final int UNTOUCHED = 0x12345678;

  private final Random random = new Random(3);

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 0, 1",
    "2, 5, 8, 7, 3, 1",
    "3, 4, 4, 33, 0, 1",
    "2, 9, 12, 412, 1, 0",
    "2, 3, 0, 64, 0, 1",
    "1, 11, 13, 1025, 2, 1"
  })
  void rowsAreRoundedToWhereTheyBelong(
      int batch, int time, int wholeTime, int columns, int firstRow, int copied)
      throws TornadoExecutionPlanException {
    int rows = batch * time;
    int pitch = RoundingKernels.pitch(columns);
    FloatArray x = normal(rows * columns);
    FloatArray gain = normal(columns);
    FloatArray bias = normal(columns);
    IntArray copy = untouched(copied == 1 ? rows * pitch / 2 : 1);
    IntArray whole = untouched(Math.max(1, batch * wholeTime * pitch / 2));
    FloatArray mean = new FloatArray(rows);
    FloatArray rstd = new FloatArray(rows);
    GridScheduler threads = new GridScheduler("norm.rounded", LaunchShapes.rows(rows, columns));
    TaskGraph graph =
        new TaskGraph("norm")
            .transferToDevice(DataTransferMode.FIRST_EXECUTION, x, gain, bias, copy, whole)
            .addTask(
                new TaskPackage(
                    "rounded",
                    LayerNormKernels::forwardRounded,
                    new KernelContext(),
                    x,
                    gain,
                    bias,
                    rows,
                    columns,
                    EPSILON,
                    pitch,
                    LayerNormKernels.pairsOfLane(columns),
                    copied,
                    copy,
                    time,
                    wholeTime,
                    firstRow,
                    whole,
                    mean,
                    rstd))
            .transferToHost(DataTransferMode.EVERY_EXECUTION, copy, whole, mean, rstd);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(threads).execute();
    }
    int written = 0;
    for (int row = 0; row < rows; row++) {
      double average = mean(x, row, columns);
      double inverse = 1 / Math.sqrt(variance(x, row, columns, average) + EPSILON);
      assertEquals(average, mean.get(row), 1e-6, "mean");
      assertEquals(inverse, rstd.get(row), 1e-5 * inverse, "rstd");
      int wholeRow = row / time * wholeTime + firstRow + row % time;
      for (int c = 0; c < pitch; c++) {
        double expected =
            c < columns
                ? (x.get(row * columns + c) - average) * inverse * gain.get(c) + bias.get(c)
                : 0;
        double bound = Math.abs(expected) / 256 + 1e-5;
        String where = row + ", " + c;
        if (copied == 1) {
          assertEquals(expected, element(copy, row * pitch + c), bound, where);
        }
        if (wholeTime > 0) {
          assertEquals(expected, element(whole, wholeRow * pitch + c), bound, where);
          written++;
        }
      }
    }
    int left = 0;
    for (int i = 0; i < whole.getSize(); i++) {
      left += whole.get(i) == UNTOUCHED ? 1 : 0;
    }
    assertEquals(whole.getSize() - written / 2, left, "rows of others");
  }

  private static double mean(FloatArray x, int row, int columns) {
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      sum += x.get(row * columns + c);
    }
    return sum / columns;
  }

  private static double variance(FloatArray x, int row, int columns, double average) {
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      sum += Math.pow(x.get(row * columns + c) - average, 2);
    }
    return sum / columns;
  }

  private static float element(IntArray pairs, int at) {
    int pair = pairs.get(at / 2);
    return BFloat16.bf16ToFloat((short) (at % 2 == 0 ? pair : pair >> 16));
  }

  private static IntArray untouched(int pairs) {
    IntArray array = new IntArray(pairs);
    array.init(UNTOUCHED);
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
