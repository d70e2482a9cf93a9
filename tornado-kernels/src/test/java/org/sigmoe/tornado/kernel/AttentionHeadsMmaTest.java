package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.tornado.kernel.emulator.KernelEmulator;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** What goes to the products of heads on tensor cores and comes from them, by emulated kernels. */
class AttentionHeadsMmaTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "70, 41", "9, 64"})
  void keysAreTheSumOfTheirParts(int rows, int size) {
    int pitchOfKeys = 4 * AttentionOperandKernels.quads(size);
    int pitch = AttentionHeadKernels.pitch(size, 2);
    Random random = new Random(5);
    ShortArray keys = new ShortArray(rows * pitchOfKeys);
    for (int i = 0; i < keys.getSize(); i++) {
      float key = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-20, 10)));
      keys.set(i, Float.floatToFloat16(key));
    }
    IntArray y = new IntArray(rows * pitch / 2);
    y.init(-1);
    KernelEmulator.run(
        LaunchShapes.elements(rows * pitch / 2),
        context ->
            AttentionHeadKernels.splitKeys(context, keys, rows, size, pitchOfKeys, pitch, y));
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < size; column++) {
        float key = Float.float16ToFloat(keys.get(row * pitchOfKeys + column));
        float high = element(y, row * pitch + column);
        float low = element(y, row * pitch + size + column);
        String where = row + ", " + column;
        assertEquals(key, high + low, 1e-30, where);
        assertEquals(key, high, Math.abs(key) / 64 + 1e-6, where);
      }
      for (int column = 2 * size; column < pitch; column++) {
        assertEquals(0, element(y, row * pitch + column), "behind the parts");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 2, 5", "70, 3, 41", "9, 2, 64"})
  void keysAndValuesOfARowLieSideBySide(int rows, int heads, int size) {
    int pitch = AttentionHeadKernels.pitch(size, 1);
    int roundedPitch = RoundingKernels.pitch(2 * heads * size);
    Random random = new Random(6);
    ShortArray dk = bits(random, heads * rows * pitch);
    ShortArray dvalue = bits(random, heads * rows * pitch);
    LongArray dkv = new LongArray(rows * roundedPitch / 4);
    dkv.init(-1);
    KernelEmulator.run(
        LaunchShapes.elements(dkv.getSize()),
        context ->
            AttentionHeadKernels.keysFromHeadsRounded(
                context, dk, dvalue, rows, heads, size, pitch, roundedPitch, dkv));
    for (int i = 0; i < rows * roundedPitch; i++) {
      int row = i / roundedPitch;
      int h = i % roundedPitch / (2 * size);
      int p = i % roundedPitch % (2 * size);
      short expected = 0;
      if (h < heads) {
        expected = (p < size ? dk : dvalue).get((h * rows + row) * pitch + p % size);
      }
      assertEquals(expected, (short) (dkv.get(i / 4) >> (16 * (i % 4))), row + ", " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 2, 5", "70, 3, 41", "600, 2, 33"})
  void queriesAreTheSumsOfRoundedParts(int rows, int heads, int size) {
    int pitch = AttentionHeadKernels.pitch(size, 2);
    int roundedPitch = RoundingKernels.pitch(heads * size);
    Random random = new Random(7);
    ShortArray content = numbers(random, heads * rows * pitch);
    ShortArray position = numbers(random, heads * rows * pitch);
    int rowsPerChunk = ReductionKernels.rowsPerChunk(rows);
    int chunks = Math.ceilDiv(rows, rowsPerChunk);
    FloatArray none = new FloatArray(1);
    ShortArray dq = new ShortArray(rows * roundedPitch);
    dq.init((short) -1);
    FloatArray du = new FloatArray(chunks * heads * size);
    FloatArray dv = new FloatArray(chunks * heads * size);
    KernelEmulator.run(
        AttentionHeadKernels.queriesFromHeadsThreads(heads, size, chunks),
        context ->
            AttentionHeadKernels.queriesFromHeads(
                context,
                none,
                none,
                content,
                position,
                rows,
                heads,
                size,
                pitch,
                rowsPerChunk,
                roundedPitch,
                none,
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
          float contentPart = number(content, at) + number(content, at + size);
          float positionPart = number(position, at) + number(position, at + size);
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

  private static ShortArray bits(Random random, int elements) {
    ShortArray bits = new ShortArray(elements);
    for (int i = 0; i < elements; i++) {
      bits.set(i, (short) random.nextInt());
    }
    return bits;
  }

  private static ShortArray numbers(Random random, int elements) {
    ShortArray numbers = new ShortArray(elements);
    for (int i = 0; i < elements; i++) {
      numbers.set(i, BFloat16.bf16FromFloat((float) random.nextGaussian()));
    }
    return numbers;
  }

  private static float number(ShortArray numbers, int at) {
    return BFloat16.bf16ToFloat(numbers.get(at));
  }

  private static float element(IntArray pairs, int at) {
    int pair = pairs.get(at / 2);
    return BFloat16.bf16ToFloat((short) (at % 2 == 0 ? pair : pair >> 16));
  }
}
