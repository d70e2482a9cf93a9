package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.tornado.kernel.emulator.EmulatedTasks;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Kernels that have a warp for each row, emulated. */
final class RowsByWarpsTest {
  private final EmulatedTasks tasks = new EmulatedTasks();

  @ParameterizedTest
  @CsvSource({"3, 5, 2", "9, 32, 1", "21, 70, 16", "10, 256, 4", "2, 512, 3"})
  void routerGradientIsWrittenInPlaceOrRounded(int rows, int columns, int k) {
    RouterGradientCase router = new RouterGradientCase(rows, columns, k);
    tasks.task(
        "rounded", LaunchShapes.rows(rows, columns), id -> router.task(id, tasks.context(), 1, 1));
    router.assertRounded();
    tasks.task(
        "exact", LaunchShapes.rows(rows, columns), id -> router.task(id, tasks.context(), 0, 1));
    router.assertInPlace();
  }

  /** Rows of very different sizes, of which exponentials alone would be 0 or infinite. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "9, 32", "21, 70", "10, 256", "2, 512"})
  void logSumExpIsThatOfSumsInDouble(int rows, int columns) {
    Random random = new Random(3);
    FloatArray x = new FloatArray(rows * columns);
    double[] expected = new double[rows];
    for (int row = 0; row < rows; row++) {
      double level = 200 * random.nextGaussian();
      double sum = 0;
      for (int c = 0; c < columns; c++) {
        float element = (float) (level + 3 * random.nextGaussian());
        x.set(row * columns + c, element);
        sum += Math.exp(element - level);
      }
      expected[row] = level + Math.log(sum);
    }
    FloatArray lse = new FloatArray(rows);
    lse.init(Float.NaN);
    tasks.task(
        "logSumExp",
        LaunchShapes.warps(rows),
        id ->
            new TaskPackage(
                id,
                SoftmaxKernels::logSumExpByWarps,
                tasks.context(),
                x,
                rows,
                columns,
                LaunchShapes.columnsOfLane(columns),
                lse));
    for (int row = 0; row < rows; row++) {
      assertEquals(expected[row], lse.get(row), 1e-6 * (1 + Math.abs(expected[row])));
    }
  }
}
