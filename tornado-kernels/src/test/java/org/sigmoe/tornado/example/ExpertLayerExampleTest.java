package org.sigmoe.tornado.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sigmoe.tornado.api.ExpertRoute;
import org.sigmoe.tornado.api.KernelTasks;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.matrix.Matrix2DFloat;
import uk.ac.manchester.tornado.api.types.matrix.Matrix3DFloat;

/** The example against its formula in double. */
final class ExpertLayerExampleTest {
  private static final int TOKENS = 150;
  private static final int SLOTS = 2;
  private static final int EXPERTS = 5;
  private static final int WIDTH = 70;
  private static final int SIZE = 19;

  @Test
  void expertsAreRightInAUsersOwnTaskGraph() throws Exception {
    Random random = new Random(1);
    Matrix2DFloat x = new Matrix2DFloat(TOKENS, WIDTH, normal(TOKENS * WIDTH, random));
    Matrix3DFloat up =
        new Matrix3DFloat(EXPERTS, WIDTH, SIZE, normal(EXPERTS * WIDTH * SIZE, random));
    Matrix3DFloat down =
        new Matrix3DFloat(EXPERTS, SIZE, WIDTH, normal(EXPERTS * SIZE * WIDTH, random));
    FloatArray weights = normal(TOKENS * SLOTS, random);
    IntArray experts = new IntArray(TOKENS * SLOTS);
    for (int slot = 0; slot < experts.getSize(); slot++) {
      // The last expert gets none.
      experts.set(slot, random.nextInt(EXPERTS - 1));
    }

    Matrix2DFloat y = ExpertLayerExample.run(x, up, down, experts, weights);

    for (int token = 0; token < TOKENS; token++) {
      double[] expected = expected(token, x, up, down, experts, weights);
      for (int column = 0; column < WIDTH; column++) {
        assertEquals(expected[column], y.get(token, column), 1e-3, token + ", " + column);
      }
    }
  }

  private static double[] expected(
      int token,
      Matrix2DFloat x,
      Matrix3DFloat up,
      Matrix3DFloat down,
      IntArray experts,
      FloatArray weights) {
    double[] y = new double[WIDTH];
    for (int slot = token * SLOTS; slot < (token + 1) * SLOTS; slot++) {
      int expert = experts.get(slot);
      for (int unit = 0; unit < SIZE; unit++) {
        double sum = 0;
        for (int column = 0; column < WIDTH; column++) {
          sum += (double) x.get(token, column) * up.get(expert, column, unit);
        }
        double active = Math.max(sum, 0) * weights.get(slot);
        for (int column = 0; column < WIDTH; column++) {
          y[column] += active * down.get(expert, unit, column);
        }
      }
    }
    return y;
  }

  @Test
  void matricesThatDoNotFitAreRefusedWithTheirSizes() {
    KernelTasks tasks = new KernelTasks(new TaskGraph("wrong"), new GridScheduler());
    ExpertRoute route = tasks.route(new IntArray(6), 3, 2, 4);
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                tasks.gatherMultiply(
                    new Matrix2DFloat(3, 5),
                    new Matrix3DFloat(4, 5, 7),
                    route,
                    new Matrix2DFloat(3, 7)));
    assertEquals(
        "Products of [3, 5] and [4, 5, 7] for 3 tokens of 2 slots and 4 experts are not [3, 7]",
        thrown.getMessage());
  }

  private static FloatArray normal(int elements, Random random) {
    FloatArray array = new FloatArray(elements);
    for (int i = 0; i < elements; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }
}
