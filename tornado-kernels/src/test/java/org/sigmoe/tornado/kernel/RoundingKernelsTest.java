package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class RoundingKernelsTest {
  @Test
  void rowsBeginAtMultiplesOf64Bytes() {
    assertEquals(32, RoundingKernels.pitch(1));
    assertEquals(32, RoundingKernels.pitch(32));
    assertEquals(2080, RoundingKernels.pitch(2053));
  }

  @Test
  void elementsAreRoundedToTheNearestAndPaddingIsZero() throws TornadoExecutionPlanException {
    int rows = 37;
    int columns = 53;
    int pitch = RoundingKernels.pitch(columns);
    Random random = new Random(1);
    FloatArray x = new FloatArray(rows * columns);
    for (int i = 0; i < rows * columns; i++) {
      x.set(i, (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-60, 60))));
    }
    int pairs = rows * pitch / 2;
    IntArray y = new IntArray(pairs);
    y.init(-1);
    GridScheduler threads = new GridScheduler("rounding.round", LaunchShapes.elements(pairs));
    TaskGraph graph =
        new TaskGraph("rounding")
            .transferToDevice(DataTransferMode.FIRST_EXECUTION, x, y)
            .addTask(
                new TaskPackage(
                    "round",
                    RoundingKernels::toBf16,
                    new KernelContext(),
                    x,
                    pairs,
                    columns,
                    pitch,
                    y))
            .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(threads).execute();
    }
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < pitch; column++) {
        int pair = y.get((row * pitch + column) / 2);
        short actual = (short) (column % 2 == 0 ? pair : pair >> 16);
        String where = "[%d, %d]".formatted(row, column);
        if (column < columns) {
          assertNearest(x.get(row * columns + column), actual, where);
        } else {
          assertEquals(0, actual, where);
        }
      }
    }
  }

  /** No neighbour of the rounded value is nearer; ties may go either way. */
  private static void assertNearest(float value, short rounded, String where) {
    double error = Math.abs((double) value - decode(rounded));
    assertTrue(error <= Math.abs((double) value - decode((short) (rounded + 1))), where);
    assertTrue(error <= Math.abs((double) value - decode((short) (rounded - 1))), where);
  }

  private static float decode(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
