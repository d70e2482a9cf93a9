package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.tornado.kernel.emulator.KernelEmulator;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Attention and its gradient on emulated tensor cores against their formulas in f64. */
class AttentionMmaTest {

  @ParameterizedTest
  @CsvSource({
    // One query and one key, a single block, blocks with and without rest; heads of all sizes.
    "1, 1, 0, 1, 1, 0, 0, 0.3",
    "1, 1, 31, 2, 41, 17, 31, 0.3",
    "2, 7, 5, 2, 8, 5, 11, 0.3",
    "1, 33, 0, 1, 17, 0, 32, 0.3",
    "1, 64, 64, 1, 64, 64, 127, 0.2",
    "2, 70, 33, 2, 41, 20, 102, 0.2",
    // Windows that slide over blocks of queries and tiles of keys.
    "1, 130, 70, 1, 20, 70, 70, 0.2",
    "1, 97, 33, 1, 50, 5, 33, 0.2",
    "1, 3, 0, 1, 5, 0, 0, 0.3",
    "2, 3, 0, 2, 5, 0, 0, 0.3",
    "1, 15, 17, 2, 33, 9, 31, 0.3",
    "1, 64, 65, 2, 16, 64, 128, 0.3",
    "2, 17, 1, 2, 15, 1, 1, 0.3",
    // Largest scores from some above 0 to so far above and below that weights are computed anew.
    "1, 40, 24, 2, 33, 20, 63, 1.5",
    "2, 9, 30, 2, 17, 30, 38, 3",
    "2, 7, 5, 2, 8, 5, 11, 8.5",
    "1, 70, 33, 1, 41, 33, 102, 6"
  })
  void equalsTheFormula(
      int batch,
      int queries,
      int memory,
      int heads,
      int size,
      int length,
      int reach,
      double scale) {
    AttentionReference reference =
        new AttentionReference(batch, queries, memory, heads, size, length, reach, scale);
    int keys = queries + memory;
    // Rows with room behind them where it is less than a head.
    int room = size >= 8 ? 7 : 0;
    int width = heads * size + room;
    FloatArray q = rows(reference.q, heads * size, width);
    FloatArray dy = rows(reference.dy, heads * size, width);
    FloatArray u = floats(reference.u);
    FloatArray v = floats(reference.v);
    FloatArray scales = FloatArray.fromElements((float) scale);
    IntArray lengths = IntArray.fromElements(length);
    int quads = batch * keys * heads * AttentionOperandKernels.quads(size);
    int keysWidth = 2 * heads * size + 5;
    FloatArray kv = rows(reference.kv, 2 * heads * size, keysWidth);
    LongArray headKeys = new LongArray(2 * quads);
    LongArray headValues = new LongArray(2 * quads);
    KernelEmulator.run(
        LaunchShapes.elements(2 * quads),
        context ->
            AttentionOperandKernels.keys(
                context, kv, batch * keys, keysWidth, heads, size, 1, headKeys, headValues));
    LongArray positions = positions(floats(reference.r), keys, heads, size);
    FloatArray y = poisoned(batch * queries * heads * size);
    FloatArray lse = poisoned(batch * heads * queries);
    KernelEmulator.run(
        AttentionMmaKernels.threads(batch, heads, queries),
        context ->
            AttentionMmaKernels.forward(
                context,
                q,
                u,
                v,
                headKeys,
                headValues,
                positions,
                scales,
                lengths,
                y,
                lse,
                batch,
                width,
                queries,
                keys,
                size,
                reach));
    assertEqual(reference.lse, lse::get, 2e-3 * largest(reference.lse));
    double bound = scale > 1 ? 2e-2 : 5e-3;
    assertEqual(reference.y, y::get, bound * largest(reference.y));

    FloatArray terms = poisoned(2 * batch * heads * queries);
    int rows = batch * queries;
    int headPitch = AttentionHeadKernels.pitch(size, 1);
    ShortArray headGradients = new ShortArray(heads * rows * headPitch);
    headGradients.init((short) -1);
    KernelEmulator.run(
        AttentionOperandKernels.queryThreads(batch * queries, heads),
        context ->
            AttentionOperandKernels.queryTerms(
                context, y, lse, dy, rows, queries, width, size, headPitch, terms, headGradients));
    for (int i = 0; i < headGradients.getSize(); i++) {
      int p = i % headPitch;
      int row = i / headPitch % rows;
      int h = i / headPitch / rows;
      float expected = p < size ? dy.get(row * width + h * size + p) : 0f;
      assertEquals(BFloat16.bf16FromFloat(expected), headGradients.get(i), "dy by heads " + i);
    }
    int matrices = batch * heads;
    int pitch = RoundingKernels.pitch(keys);
    LongArray scores = new LongArray(2 * matrices * queries * pitch / 4);
    scores.init(-1);
    ShortArray dposition = new ShortArray(matrices * queries * pitch);
    dposition.init((short) -1);
    FloatArray dscale = poisoned(AttentionGradientMmaKernels.groups(matrices, queries));
    // In two chunks where there are two matrices, to see that each knows its heads.
    int chunk = Math.ceilDiv(matrices, 2);
    for (int first = 0; first < matrices; first += chunk) {
      int start = first;
      LongArray chunkScores = new LongArray(2 * chunk * queries * pitch / 4);
      ShortArray chunkPositions = new ShortArray(chunk * queries * pitch);
      KernelEmulator.run(
          AttentionGradientMmaKernels.threads(chunk, queries),
          context ->
              AttentionGradientMmaKernels.gradient(
                  context,
                  q,
                  u,
                  v,
                  dy,
                  headKeys,
                  positions,
                  terms,
                  scales,
                  lengths,
                  chunkScores,
                  chunkPositions,
                  dscale,
                  start,
                  batch,
                  width,
                  queries,
                  keys,
                  size,
                  reach));
      for (int i = 0; i < chunkScores.getSize(); i++) {
        scores.set(2 * start * queries * pitch / 4 + i, chunkScores.get(i));
      }
      for (int i = 0; i < chunkPositions.getSize(); i++) {
        dposition.set(start * queries * pitch + i, chunkPositions.get(i));
      }
    }
    int matrix = queries * keys;
    assertEqual(
        reference.weights,
        i -> bf16(scores, (i / matrix * 2 * queries + i % matrix / keys) * pitch + i % keys),
        bound * largest(reference.weights));
    assertEqual(
        reference.dcontent,
        i -> bf16(scores, ((i / matrix * 2 + 1) * queries + i % matrix / keys) * pitch + i % keys),
        bound * reference.largestTerm);
    assertEqual(
        reference.dposition,
        i -> BFloat16.bf16ToFloat(dposition.get(i / keys * pitch + i % keys)),
        bound * reference.largestTerm);
    double sum = 0;
    for (int i = 0; i < dscale.getSize(); i++) {
      sum += dscale.get(i);
    }
    assertEquals(reference.dscale, sum, bound * reference.dscaleTerms);
  }

  private static LongArray positions(FloatArray r, int rows, int heads, int size) {
    int quads = heads * rows * AttentionOperandKernels.quads(size);
    LongArray y = new LongArray(quads);
    KernelEmulator.run(
        LaunchShapes.elements(quads),
        context -> AttentionOperandKernels.positions(context, r, rows, heads, size, y));
    return y;
  }

  private static float bf16(LongArray quads, int at) {
    return BFloat16.bf16ToFloat((short) (quads.get(at / 4) >> (16 * (at % 4))));
  }

  private static FloatArray poisoned(int elements) {
    FloatArray array = new FloatArray(elements);
    array.init(Float.NaN);
    return array;
  }

  private static FloatArray floats(double[] values) {
    FloatArray array = new FloatArray(values.length);
    for (int i = 0; i < values.length; i++) {
      array.set(i, (float) values[i]);
    }
    return array;
  }

  /** Rows with NaNs between them. */
  private static FloatArray rows(double[] values, int columns, int width) {
    FloatArray array = poisoned(values.length / columns * width);
    for (int i = 0; i < values.length; i++) {
      array.set(i / columns * width + i % columns, (float) values[i]);
    }
    return array;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  private static void assertEqual(double[] expected, IntToDoubleFunction actual, double bound) {
    double[] elements = new double[expected.length];
    Arrays.setAll(elements, actual);
    assertArrayEquals(expected, elements, bound);
  }
}
