package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.tornado.kernel.emulator.KernelEmulator;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** What goes to the products of heads on tensor cores and comes from them, by emulated kernels. */
class AttentionHeadsMmaTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "5, 16", "4, 17", "70, 41", "9, 64"})
  void operandsAreTheSumOfTheirParts(int rows, int size) {
    int quads = AttentionOperandKernels.quads(size);
    int columns = 4 * quads;
    assertEquals(AttentionHeadKernels.pitch(size, 2), 2 * columns);
    Random random = new Random(5);
    LongArray x = new LongArray(rows * quads);
    for (int i = 0; i < rows * columns; i++) {
      float element = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-20, 10)));
      long bits = Float.floatToFloat16(element) & 0xFFFFL;
      x.set(i / 4, x.get(i / 4) | bits << (16 * (i % 4)));
    }
    LongArray y = new LongArray(2 * rows * quads);
    y.init(-1);
    KernelEmulator.run(
        LaunchShapes.elements(rows * quads),
        context -> AttentionOperandKernels.parts(context, x, rows, quads, y));
    for (int i = 0; i < rows * columns; i++) {
      int at = i + i / columns * columns;
      float element = Float.float16ToFloat(bits(x, i));
      float high = BFloat16.bf16ToFloat(bits(y, at));
      float low = BFloat16.bf16ToFloat(bits(y, at + columns));
      assertEquals(element, high + low, 1e-30, "element " + i);
      assertEquals(element, high, Math.abs(element) / 64 + 1e-6, "element " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 2, 5", "70, 3, 41", "9, 2, 64"})
  void queriesHaveBothBiases(int rows, int heads, int size) {
    int pitch = AttentionHeadKernels.pitch(size, 1);
    Random random = new Random(8);
    int width = heads * size + (size - 1) / 2;
    FloatArray q = floats(random, rows * width);
    FloatArray u = floats(random, heads * size);
    FloatArray v = floats(random, heads * size);
    LongArray qu = new LongArray(heads * rows * pitch / 4);
    LongArray qv = new LongArray(heads * rows * pitch / 4);
    qu.init(-1);
    qv.init(-1);
    KernelEmulator.run(
        LaunchShapes.elements(qu.getSize()),
        context ->
            AttentionOperandKernels.queries(
                context, q, u, v, rows, width, size, pitch / 4, qu, qv));
    for (int i = 0; i < heads * rows * pitch; i++) {
      int row = i / pitch % rows;
      int h = i / pitch / rows;
      int p = i % pitch;
      float query = p < size ? q.get(row * width + h * size + p) : 0;
      float withU = p < size ? query + u.get(h * size + p) : 0;
      float withV = p < size ? query + v.get(h * size + p) : 0;
      assertEquals(BFloat16.bf16FromFloat(withU), bits(qu, i), "u " + i);
      assertEquals(BFloat16.bf16FromFloat(withV), bits(qv, i), "v " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 4", "3, 2, 5", "5, 3, 6", "4, 1, 7", "70, 3, 41", "6, 2, 48", "9, 2, 64"})
  void keysAndValuesOfARowLieSideBySide(int rows, int heads, int size) {
    int pitch = AttentionHeadKernels.pitch(size, 1);
    int roundedPitch = RoundingKernels.pitch(2 * heads * size);
    LongArray byHeads = quads(new Random(6), 2 * heads * rows * pitch);
    LongArray dkv = new LongArray(rows * roundedPitch / 4);
    dkv.init(-1);
    KernelEmulator.run(
        LaunchShapes.elements(dkv.getSize()),
        context ->
            RoundedHeadKernels.keys(context, byHeads, rows, heads, size, pitch, roundedPitch, dkv));
    for (int i = 0; i < rows * roundedPitch; i++) {
      int row = i / roundedPitch;
      int h = i % roundedPitch / (2 * size);
      int p = i % roundedPitch % (2 * size);
      short expected = 0;
      if (h < heads) {
        int vector = p / size * heads + h;
        expected = bits(byHeads, (vector * rows + row) * pitch + p % size);
      }
      assertEquals(expected, bits(dkv, i), row + ", " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 4, 0",
    "3, 2, 5, 1",
    "70, 3, 41, 0",
    "70, 3, 41, 1",
    "600, 2, 33, 1",
    "9, 3, 6, 1",
    "20, 4, 64, 0"
  })
  void queriesAreTheSumsOfRoundedParts(int rows, int heads, int size, int adjacent) {
    int pitch = AttentionHeadKernels.pitch(size, 2);
    int secondPart = adjacent == 1 ? size : pitch / 2;
    int roundedPitch = RoundingKernels.pitch(heads * size);
    Random random = new Random(7);
    LongArray content = numbers(random, heads * rows * pitch);
    LongArray position = numbers(random, heads * rows * pitch);
    int rowsPerChunk = RoundedHeadKernels.rowsPerChunk(rows);
    int chunks = Math.ceilDiv(rows, rowsPerChunk);
    LongArray dq = new LongArray(rows * roundedPitch / 4);
    dq.init(-1);
    FloatArray du = new FloatArray(chunks * heads * size);
    FloatArray dv = new FloatArray(chunks * heads * size);
    KernelEmulator.run(
        RoundedHeadKernels.queryThreads(roundedPitch, chunks),
        context ->
            RoundedHeadKernels.queries(
                context,
                content,
                position,
                rows,
                heads,
                size,
                pitch,
                secondPart,
                rowsPerChunk,
                roundedPitch,
                dq,
                du,
                dv));
    double[] ofContent = new double[heads * size];
    double[] ofPosition = new double[heads * size];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < roundedPitch; column++) {
        float expected = 0;
        if (column < heads * size) {
          int at = (column / size * rows + row) * pitch + column % size;
          float contentPart = number(content, at) + number(content, at + secondPart);
          float positionPart = number(position, at) + number(position, at + secondPart);
          ofContent[column] += contentPart;
          ofPosition[column] += positionPart;
          expected = contentPart + positionPart;
        }
        float actual = number(dq, row * roundedPitch + column);
        assertEquals(expected, actual, Math.abs(expected) / 250, row + ", " + column);
      }
    }
    for (int column = 0; column < heads * size; column++) {
      double contentSum = 0;
      double positionSum = 0;
      for (int chunk = 0; chunk < chunks; chunk++) {
        contentSum += du.get(chunk * heads * size + column);
        positionSum += dv.get(chunk * heads * size + column);
      }
      assertEquals(ofContent[column], contentSum, 1e-3, "du " + column);
      assertEquals(ofPosition[column], positionSum, 1e-3, "dv " + column);
    }
  }

  private static LongArray quads(Random random, int elements) {
    LongArray quads = new LongArray(elements / 4);
    for (int i = 0; i < quads.getSize(); i++) {
      quads.set(i, random.nextLong());
    }
    return quads;
  }

  /** Elements in bf16. */
  private static LongArray numbers(Random random, int elements) {
    LongArray numbers = new LongArray(elements / 4);
    for (int i = 0; i < elements; i++) {
      long bits = BFloat16.bf16FromFloat((float) random.nextGaussian()) & 0xFFFFL;
      numbers.set(i / 4, numbers.get(i / 4) | bits << 16 * (i % 4));
    }
    return numbers;
  }

  private static float number(LongArray numbers, int at) {
    return BFloat16.bf16ToFloat(bits(numbers, at));
  }

  private static FloatArray floats(Random random, int elements) {
    FloatArray floats = new FloatArray(elements);
    for (int i = 0; i < elements; i++) {
      floats.set(i, (float) random.nextGaussian());
    }
    return floats;
  }

  private static short bits(LongArray quads, int at) {
    return (short) (quads.get(at / 4) >> (16 * (at % 4)));
  }
}
