package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.tornado.kernel.emulator.EmulatedTasks;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** Products of experts on tensor cores, emulated, beside sums of the rounded operands in double. */
final class GroupedMmaTest {
  /** How far rounding to bf16 takes a number at most, for its size. */
  private static final double HALF_PLACE = 1.0 / 256;

  private final Random random = new Random(5);
  private final EmulatedTasks tasks = new EmulatedTasks();

  /** A group without rows is among them wherever there are enough. */
  private record Route(IntArray order, IntArray offsets, int[] group) {
    /** For products to share. */
    RowLayout layout(int slots) {
      return new RowLayout(
          order, offsets, group.length, offsets.getSize() - 1, slots, IntArray::new);
    }
  }

  private Route route(int rows, int groups) {
    int[] group = new int[rows];
    for (int slot = 0; slot < rows; slot++) {
      int drawn = random.nextInt(groups);
      group[slot] = drawn == 1 ? 0 : drawn;
    }
    IntArray order = new IntArray(rows);
    IntArray offsets = new IntArray(groups + 1);
    int sorted = 0;
    for (int e = 0; e < groups; e++) {
      offsets.set(e, sorted);
      for (int slot = 0; slot < rows; slot++) {
        if (group[slot] == e) {
          order.set(sorted++, slot);
        }
      }
    }
    offsets.set(groups, sorted);
    return new Route(order, offsets, group);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1",
    "9, 2, 3, 5, 7",
    "70, 4, 3, 32, 128",
    "150, 2, 4, 40, 65",
    "260, 1, 2, 97, 130",
    "130, 1, 1, 128, 200",
    "300, 4, 5, 100, 300",
    "33, 1, 2, 16, 64",
    "40, 3, 2, 64, 129",
    "140, 1, 2, 131, 257",
  })
  void gathersAndScatters(int tokens, int slots, int groups, int terms, int n) {
    int rows = tokens * slots;
    Route route = route(rows, groups);
    RowLayout layout = route.layout(slots);
    FloatArray x = normal(tokens * terms);
    FloatArray m = normal(groups * terms * n);
    FloatArray y = poisoned(rows * n);
    Bf16Matrix matrices = rounded(m, groups * terms, n);
    GroupedMmaShape shape = new GroupedMmaShape(tokens, slots, groups, terms, n);
    shape.addGather(tasks, rounded(x, tokens, terms), matrices, layout, y);
    int pitch = RoundingKernels.pitch(n);
    Bf16Matrix hidden = new Bf16Matrix(EmulatedTasks.bf16(rows * pitch), pitch);
    Bf16Matrix gradient = new Bf16Matrix(EmulatedTasks.bf16(rows * pitch), pitch);
    shape.addGather(tasks, rounded(x, tokens, terms), matrices, layout, hidden, true);
    shape.addGather(tasks, rounded(x, tokens, terms), matrices, layout, gradient, false);
    FloatArray a = normal(rows * terms);
    FloatArray weights = normal(rows);
    FloatArray addend = normal(tokens * n);
    FloatArray sums = poisoned(tokens * n);
    FloatArray weighted = poisoned(tokens * n);
    FloatArray added = copy(addend);
    FloatArray toAddend = poisoned(tokens * n);
    Bf16Matrix sorted = rounded(a, rows, terms);
    shape.addScatter(tasks, sorted, matrices, null, null, layout, sums);
    shape.addScatter(tasks, sorted, matrices, weights, null, layout, weighted);
    shape.addScatter(tasks, sorted, matrices, null, added, layout, added);
    shape.addScatter(tasks, sorted, matrices, null, addend, layout, toAddend);
    FloatArray b = normal(tokens * n);
    FloatArray withRows = poisoned(tokens * n);
    LongArray products = EmulatedTasks.bf16(Math.toIntExact(shape.productElements())).quads();
    shape.addProducts(tasks, sorted, matrices, layout, products);
    shape.addSum(tasks, products, null, rounded(b, tokens, n), addend, layout, withRows);
    LongArray inOnePart = EmulatedTasks.bf16(Math.toIntExact(shape.productElements())).quads();
    shape.addProducts(tasks, sorted, matrices, layout, inOnePart, 1);
    FloatArray ofOnePart = poisoned(tokens * n);
    shape.addSum(tasks, inOnePart, null, null, null, layout, ofOnePart);

    double[] expected = new double[tokens * n];
    double[] expectedWeighted = new double[tokens * n];
    double[] rounding = new double[tokens * n];
    double[] weightedRounding = new double[tokens * n];
    for (int s = 0; s < rows; s++) {
      int slot = route.order.get(s);
      int token = slot / slots;
      int matrix = route.group[slot] * terms * n;
      for (int j = 0; j < n; j++) {
        double gathered = 0;
        double product = 0;
        for (int p = 0; p < terms; p++) {
          float factor = bf16(m.get(matrix + p * n + j));
          gathered += (double) bf16(x.get(token * terms + p)) * factor;
          product += (double) bf16(a.get(s * terms + p)) * factor;
        }
        assertEquals(gathered, y.get(s * n + j), 1e-4, "row " + s + ", column " + j);
        double near = 1e-4 + HALF_PLACE * Math.abs(gathered);
        assertEquals(gathered, element(gradient, s, j), near, "rounded, row " + s);
        assertEquals(Math.max(0, gathered), element(hidden, s, j), near, "ReLU, row " + s);
        expected[token * n + j] += product;
        expectedWeighted[token * n + j] += weights.get(slot) * product;
        rounding[token * n + j] += HALF_PLACE * Math.abs(product);
        weightedRounding[token * n + j] += HALF_PLACE * Math.abs(weights.get(slot) * product);
      }
    }
    for (int s = 0; s < rows; s++) {
      for (int j = n; j < pitch; j++) {
        assertEquals(0f, element(hidden, s, j), "behind row " + s);
        assertEquals(0f, element(gradient, s, j), "behind row " + s);
      }
    }
    assertClose(expected, rounding, sums, "sums of slots");
    assertClose(expected, rounding, ofOnePart, "sums of slots, blocks in one part");
    assertClose(expectedWeighted, weightedRounding, weighted, "weighted sums of slots");
    for (int i = 0; i < tokens * n; i++) {
      expected[i] += addend.get(i);
    }
    assertClose(expected, rounding, added, "sums added to what was there");
    assertClose(expected, rounding, toAddend, "sums added to another array");
    for (int i = 0; i < tokens * n; i++) {
      expected[i] += bf16(b.get(i));
    }
    assertClose(expected, rounding, withRows, "sums added to rows and to another array");
  }

  @Test
  void blocksAreInOnePartWhereTheyAreManyAndFull() {
    assertEquals(1, new GroupedMmaShape(16_384, 4, 16, 128, 412).partsOfBlock());
    assertEquals(2, new GroupedMmaShape(4096, 4, 16, 128, 412).partsOfBlock());
    assertEquals(2, new GroupedMmaShape(32_768, 4, 256, 128, 512).partsOfBlock());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1",
    "9, 2, 3, 5, 7",
    "70, 4, 3, 32, 64",
    "150, 2, 4, 130, 65",
    "150, 2, 4, 128, 64",
    "200, 2, 4, 128, 128",
    "1300, 1, 2, 128, 256",
    "2100, 1, 2, 9, 30"
  })
  void addsUpOuterProducts(int tokens, int slots, int groups, int m, int n) {
    int chunk = new GroupedOuterMmaShape(tokens * slots, groups, m, n, false).chunk();
    addsUpOuterProducts(tokens, slots, groups, m, n, chunk);
  }

  /** The emulator is too slow for the sizes that have such chunks. */
  @Test
  void addsUpOuterProductsInLongestChunks() {
    addsUpOuterProducts(2100, 1, 1, 9, 30, GroupedOuterMmaKernels.LONGEST_CHUNK);
    addsUpOuterProducts(1030, 2, 1, 128, 128, GroupedOuterMmaKernels.LONGEST_CHUNK);
  }

  @Test
  void chunksAreLongestWhereTheyFillAGpu() {
    assertEquals(2048, new GroupedOuterMmaShape(131_072, 32, 128, 512, false).chunk());
    assertEquals(1024, new GroupedOuterMmaShape(65_536, 16, 128, 412, false).chunk());
  }

  private void addsUpOuterProducts(int tokens, int slots, int groups, int m, int n, int chunk) {
    int rows = tokens * slots;
    Route route = route(rows, groups);
    FloatArray z = normal(rows * m);
    FloatArray g = normal(tokens * n);
    FloatArray weights = normal(rows);
    FloatArray right = poisoned(groups * m * n);
    FloatArray left = poisoned(groups * m * n);
    Bf16Matrix sorted = rounded(z, rows, m);
    Bf16Matrix tokenRows = rounded(g, tokens, n);
    Bf16Matrix weightedRows =
        new Bf16Matrix(EmulatedTasks.bf16(rows * sorted.pitch()), sorted.pitch());
    RowLayout layout = route.layout(slots);
    GroupedOuterMmaShape.addWeights(tasks, sorted, weights, layout, weightedRows);
    new GroupedOuterMmaShape(rows, groups, m, n, false)
        .addTo(tasks, weightedRows, tokenRows, layout, right, chunk);
    new GroupedOuterMmaShape(rows, groups, n, m, true)
        .addTo(tasks, sorted, tokenRows, layout, left, chunk);

    double[] expectedRight = new double[groups * m * n];
    double[] expectedLeft = new double[groups * m * n];
    for (int s = 0; s < rows; s++) {
      int slot = route.order.get(s);
      int group = route.group[slot];
      for (int i = 0; i < m; i++) {
        float plain = bf16(z.get(s * m + i));
        float weighted = bf16(weights.get(slot) * plain);
        for (int j = 0; j < n; j++) {
          float factor = bf16(g.get(slot / slots * n + j));
          expectedRight[(group * m + i) * n + j] += (double) weighted * factor;
          expectedLeft[(group * n + j) * m + i] += (double) plain * factor;
        }
      }
    }
    assertClose(expectedRight, right, "weighted, tokens' rows on the right");
    assertClose(expectedLeft, left, "tokens' rows on the left");
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "3, 1", "4, 0", "9, 1"})
  void addsUpChunks(int span, int direct) {
    int m = 70;
    int n = 50;
    int chunk = 32;
    int pitchRows = 96;
    int pitch = 64;
    // Groups of no chunk, of one, of three and of two.
    int[] starts = {0, 0, 20, 110, 170};
    IntArray offsets = IntArray.fromArray(starts);
    int groups = starts.length - 1;
    int chunks = GroupSearch.blocks(170, groups, chunk);
    FloatArray tiles = normal(chunks * pitchRows * pitch);
    FloatArray totals = poisoned(groups * m * n);
    tasks.task(
        "sums",
        LaunchShapes.groups(ChunkSumKernels.sumGroups(groups, m, n, span)),
        id ->
            new TaskPackage(
                id,
                ChunkSumKernels::sumChunks,
                tasks.context(),
                tiles,
                offsets,
                m,
                n,
                pitchRows,
                pitch,
                chunk,
                direct,
                span,
                totals));
    for (int group = 0; group < groups; group++) {
      int first = GroupSearch.firstBlock(offsets, group, chunk);
      int count = Math.ceilDiv(starts[group + 1] - starts[group], chunk);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = direct == 1 && count == 1 ? Double.NaN : 0;
          for (int q = first; q < first + count; q++) {
            sum += tiles.get((q * pitchRows + i) * pitch + j);
          }
          assertEquals(sum, totals.get((group * m + i) * n + j), 1e-5, group + ": " + i + ", " + j);
        }
      }
    }
  }

  @Test
  void manyChunksAreAddedUpByFewWorkGroups() {
    assertEquals(1, ChunkSumKernels.sumSpan(8, 128, 512));
    assertEquals(512, ChunkSumKernels.sumGroups(8, 128, 512, 1));
    assertEquals(16, ChunkSumKernels.sumSpan(256, 128, 512));
    assertEquals(1024, ChunkSumKernels.sumGroups(256, 128, 512, 16));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "130, 200, 70", "128, 128, 64"})
  void multipliesPlainMatrices(int m, int n, int terms) {
    FloatArray a = normal(m * terms);
    FloatArray b = normal(terms * n);
    FloatArray c = poisoned(m * n);
    new MmaShape(m, n, terms).addTo(tasks, rounded(a, m, terms), rounded(b, terms, n), c);
    double[] expected = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < terms; p++) {
        for (int j = 0; j < n; j++) {
          expected[i * n + j] += (double) bf16(a.get(i * terms + p)) * bf16(b.get(p * n + j));
        }
      }
    }
    assertClose(expected, c, "product");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 37, 70", "2, 64, 32", "2, 33, 129", "1, 70, 256"})
  void transposesMatrices(int matrices, int rows, int columns) {
    FloatArray x = normal(matrices * rows * columns);
    int pitch = RoundingKernels.pitch(rows);
    int pitchStraight = RoundingKernels.pitch(columns);
    Bf16Array y = EmulatedTasks.bf16(matrices * columns * pitch);
    Bf16Array straight = EmulatedTasks.bf16(matrices * rows * pitchStraight);
    tasks.task(
        "transposed",
        LaunchShapes.groups(TransposingKernels.tiles(matrices, rows, columns)),
        id ->
            new TaskPackage(
                id,
                TransposingKernels::matrices,
                tasks.context(),
                x,
                rows,
                columns,
                pitch,
                pitchStraight,
                1,
                y.pairs(),
                straight.pairs()));
    Bf16Matrix expectedStraight = rounded(x, matrices * rows, columns);
    for (int i = 0; i < matrices * rows * pitchStraight; i++) {
      assertEquals(
          expectedStraight.array().shorts().get(i), straight.shorts().get(i), "straight " + i);
    }
    for (int matrix = 0; matrix < matrices; matrix++) {
      for (int j = 0; j < columns; j++) {
        for (int i = 0; i < pitch; i++) {
          short actual = y.shorts().get((matrix * columns + j) * pitch + i);
          float expected = i < rows ? bf16(x.get((matrix * rows + i) * columns + j)) : 0f;
          assertEquals(expected, BFloat16.bf16ToFloat(actual), matrix + ", " + j + ", " + i);
        }
      }
    }
  }

  private static void assertClose(double[] expected, FloatArray actual, String what) {
    assertClose(expected, new double[expected.length], actual, what);
  }

  /**
   * Asserts that sums are right.
   *
   * @param rounding how much of each may be lost because its summands are rounded to bf16
   */
  private static void assertClose(
      double[] expected, double[] rounding, FloatArray actual, String what) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual.get(i), 2e-4 + rounding[i], what + " at " + i);
    }
  }

  private static float element(Bf16Matrix matrix, int row, int column) {
    return BFloat16.bf16ToFloat(matrix.array().shorts().get(row * matrix.pitch() + column));
  }

  private static float bf16(float value) {
    return BFloat16.bf16ToFloat(BFloat16.bf16FromFloat(value));
  }

  private Bf16Matrix rounded(FloatArray x, int rows, int columns) {
    int pitch = RoundingKernels.pitch(columns);
    Bf16Array array = EmulatedTasks.bf16(rows * pitch);
    for (int i = 0; i < rows * pitch; i++) {
      int column = i % pitch;
      float value = column < columns ? x.get(i / pitch * columns + column) : 0f;
      array.shorts().set(i, BFloat16.bf16FromFloat(value));
    }
    return new Bf16Matrix(array, pitch);
  }

  private static FloatArray copy(FloatArray array) {
    FloatArray copy = new FloatArray(array.getSize());
    for (int i = 0; i < array.getSize(); i++) {
      copy.set(i, array.get(i));
    }
    return copy;
  }

  private static FloatArray poisoned(int elements) {
    FloatArray array = new FloatArray(elements);
    array.init(Float.NaN);
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
