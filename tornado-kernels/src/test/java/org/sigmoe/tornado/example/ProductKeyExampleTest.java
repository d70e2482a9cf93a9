package org.sigmoe.tornado.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sigmoe.tornado.api.KernelTasks;
import org.sigmoe.tornado.api.ProductKeyTasks;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The example against plain Java, in which every pair is looked at. */
final class ProductKeyExampleTest {
  private static final int VOCABULARY = 50;
  private static final ProductKeyTasks LOOKUP = new ProductKeyTasks(9, 3, 13, 11, 10, 7, 300);

  private final FloatArray table = random(VOCABULARY * 2 * LOOKUP.half(), 1);
  private final FloatArray firstKeys = random(LOOKUP.heads() * LOOKUP.keysA() * LOOKUP.half(), 2);
  private final FloatArray secondKeys = random(LOOKUP.heads() * LOOKUP.keysB() * LOOKUP.half(), 3);
  private final FloatArray values = random(LOOKUP.keysA() * LOOKUP.keysB() * LOOKUP.columns(), 4);
  private final IntArray tokens = new IntArray(LOOKUP.queries());

  @Test
  void lookupIsRightInAUsersOwnTaskGraph() throws Exception {
    for (int row = 0; row < LOOKUP.queries(); row++) {
      tokens.set(row, row * 7 % VOCABULARY);
    }
    ProductKeyExample example = new ProductKeyExample(LOOKUP);
    example.result.init(Float.NaN);
    example.weights.init(Float.NaN);
    example.indices.init(-1);

    example.run(tokens, table, firstKeys, secondKeys, values);

    for (int row = 0; row < LOOKUP.queries(); row++) {
      double[] expected = new double[LOOKUP.columns()];
      for (int head = 0; head < LOOKUP.heads(); head++) {
        addHead(example, row, head, expected);
      }
      for (int c = 0; c < LOOKUP.columns(); c++) {
        float actual = example.result.get(row * LOOKUP.columns() + c);
        assertEquals(expected[c], actual, 1e-4, row + ", " + c);
      }
    }
  }

  /** Checks what a head chose for a query, and adds its part of the result. */
  private void addHead(ProductKeyExample example, int row, int head, double[] result) {
    int pairs = LOOKUP.keysA() * LOOKUP.keysB();
    double[] sums = new double[pairs];
    Arrays.setAll(sums, pair -> sum(row, head, pair / LOOKUP.keysB(), pair % LOOKUP.keysB()));
    int[] chosen =
        IntStream.range(0, pairs)
            .boxed()
            .sorted(Comparator.comparing(pair -> -sums[pair]))
            .limit(LOOKUP.chosen())
            .mapToInt(Integer::intValue)
            .toArray();
    double total = Arrays.stream(chosen).mapToDouble(pair -> Math.exp(sums[pair])).sum();
    for (int k = 0; k < chosen.length; k++) {
      int at = (row * LOOKUP.heads() + head) * LOOKUP.chosen() + k;
      double weight = Math.exp(sums[chosen[k]]) / total;
      assertEquals(chosen[k], example.indices.get(at), "choice " + k);
      assertEquals(weight, example.weights.get(at), 1e-5, "weight " + k);
      for (int c = 0; c < result.length; c++) {
        result[c] += weight * values.get(chosen[k] * LOOKUP.columns() + c);
      }
    }
  }

  private double sum(int row, int head, int i, int j) {
    int query = tokens.get(row) * 2 * LOOKUP.half();
    double sum = 0;
    for (int p = 0; p < LOOKUP.half(); p++) {
      double first = table.get(query + p);
      double second = table.get(query + LOOKUP.half() + p);
      sum += first * firstKeys.get((head * LOOKUP.keysA() + i) * LOOKUP.half() + p);
      sum += second * secondKeys.get((head * LOOKUP.keysB() + j) * LOOKUP.half() + p);
    }
    return sum;
  }

  @Test
  void aTableThatIsTooShortIsRefusedWithItsSize() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                LOOKUP.addTo(
                    new KernelTasks(new TaskGraph("wrong"), new GridScheduler()),
                    new FloatArray(9 * 20),
                    firstKeys,
                    secondKeys,
                    new FloatArray(12 * 11 * 300),
                    new IntArray(9 * 3 * 7),
                    new FloatArray(9 * 3 * 7),
                    new FloatArray(9 * 300)));
    assertTrue(thrown.getMessage().startsWith("values has 39600 elements"), thrown.getMessage());
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
