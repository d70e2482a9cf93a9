package org.sigmoe.tornado.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sigmoe.tornado.api.KernelTasks;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.matrix.Matrix2DFloat;
import uk.ac.manchester.tornado.matrix.MatrixMath;

/** The example against tornado-matrices, where that has the operation, and against its formulas. */
final class ClassifierExampleTest {
  private static final int ROWS = 70;
  private static final int FEATURES = 530;
  private static final int CLASSES = 37;
  private static final float TEMPERATURE = 2f;

  @Test
  void kernelsAreRightInAUsersOwnTaskGraph() throws Exception {
    Matrix2DFloat features = random(ROWS, FEATURES, 1);
    Matrix2DFloat weights = random(FEATURES, CLASSES, 2);
    IntArray classes = new IntArray(ROWS);
    for (int row = 0; row < ROWS; row++) {
      classes.set(row, row * 7 % CLASSES);
    }
    ClassifierExample example = new ClassifierExample(features, weights, classes, TEMPERATURE);
    for (int row = 0; row < ROWS; row++) {
      example.losses.set(row, Float.NaN);
    }
    example.normed.fill(Float.NaN);
    example.logits.fill(Float.NaN);
    example.gradient.fill(Float.NaN);

    example.run();

    checkNormed(features, example.normed);
    checkLogits(example);
    checkLosses(example);
  }

  @Test
  void matricesThatDoNotFitAreRefusedWithTheirSizes() {
    KernelTasks tasks = new KernelTasks(new TaskGraph("wrong"), new GridScheduler());
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                tasks.multiply(
                    new Matrix2DFloat(2, 3), new Matrix2DFloat(4, 5), new Matrix2DFloat(2, 5)));
    assertEquals("A product of [2, 3] and [4, 5] is not [2, 5]", thrown.getMessage());
  }

  private static void checkNormed(Matrix2DFloat x, Matrix2DFloat normed) {
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      double squares = 0;
      for (int c = 0; c < FEATURES; c++) {
        sum += x.get(row, c);
      }
      double mean = sum / FEATURES;
      for (int c = 0; c < FEATURES; c++) {
        squares += (x.get(row, c) - mean) * (x.get(row, c) - mean);
      }
      double deviation = Math.sqrt(squares / FEATURES + 1e-5);
      for (int c = 0; c < FEATURES; c++) {
        assertEquals((x.get(row, c) - mean) / deviation, normed.get(row, c), 1e-4);
      }
    }
  }

  /** The oracle multiplies what the layer norm gave, so that each kernel is judged by itself. */
  private static void checkLogits(ClassifierExample example) {
    Matrix2DFloat product = new Matrix2DFloat(ROWS, CLASSES);
    MatrixMath.sgemm(example.normed, example.weights, product);
    double largest = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < CLASSES; c++) {
        largest = Math.max(largest, Math.abs(product.get(row, c) / TEMPERATURE));
      }
    }
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < CLASSES; c++) {
        double expected = product.get(row, c) / TEMPERATURE;
        assertEquals(expected, example.logits.get(row, c), 2e-5 * largest, row + ", " + c);
      }
    }
  }

  private static void checkLosses(ClassifierExample example) {
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        sum += Math.exp(example.logits.get(row, c));
      }
      int right = example.classes.get(row);
      double loss = Math.log(sum) - example.logits.get(row, right);
      assertEquals(loss, example.losses.get(row), 2e-5 * Math.max(1, loss), "loss of row " + row);
      for (int c = 0; c < CLASSES; c++) {
        double probability = Math.exp(example.logits.get(row, c)) / sum;
        double expected = (probability - (c == right ? 1 : 0)) / ROWS;
        assertEquals(expected, example.gradient.get(row, c), 2e-5 / ROWS, row + ", " + c);
      }
    }
  }

  private static Matrix2DFloat random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    Matrix2DFloat matrix = new Matrix2DFloat(rows, columns);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        matrix.set(row, column, (float) random.nextGaussian());
      }
    }
    return matrix;
  }
}
