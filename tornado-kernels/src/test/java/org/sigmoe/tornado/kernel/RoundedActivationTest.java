package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.tornado.kernel.emulator.EmulatedTasks;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Activations whose results are written rounded, emulated. */
final class RoundedActivationTest {
  private static final float SCALE = 1.25f;
  private static final int SITE = 3;

  private final Random random = new Random(7);
  private final EmulatedTasks tasks = new EmulatedTasks();

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 0, 0",
    "3, 5, 5, 1, 0",
    "3, 5, 8, 1, 1",
    "9, 32, 32, 0, 1",
    "40, 70, 72, 1, 1",
    "5, 128, 128, 0, 0"
  })
  void activationIsRoundedAndPaddedWithZeros(
      int rows, int columns, int pitchOfX, int biased, int dropped) {
    int pitch = RoundingKernels.pitch(columns);
    int threshold = DropoutMask.threshold(0.3f);
    FloatArray x = normal(rows * pitchOfX);
    FloatArray bias = normal(columns);
    IntArray key = IntArray.fromElements(11, 13);
    Bf16Array y = EmulatedTasks.bf16(rows * pitch);
    int pairs = rows * pitch / 2;
    tasks.task(
        "activate",
        LaunchShapes.elements(pairs),
        id ->
            new TaskPackage(
                id,
                RoundedActivationKernels::activate,
                tasks.context(),
                x,
                bias,
                key,
                pairs,
                columns,
                pitchOfX,
                pitch,
                biased,
                ActivationFunctions.RELU,
                dropped,
                SITE,
                threshold,
                SCALE,
                y.pairs()));
    int key1 = DropoutKernels.key1(key, SITE);
    int key2 = DropoutKernels.key2(key, SITE);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < pitch; c++) {
        float expected = 0;
        if (c < columns) {
          expected = Math.max(0, x.get(row * pitchOfX + c) + (biased == 1 ? bias.get(c) : 0));
          if (dropped == 1) {
            int index = row * columns + c;
            expected = DropoutKernels.drop(expected, index, key1, key2, threshold, SCALE);
          }
        }
        assertEquals(bf16(expected), element(y, row * pitch + c), row + ", " + c);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "9, 32", "40, 70"})
  void dropoutIsThatOfF32(int rows, int columns) {
    int pitch = RoundingKernels.pitch(columns);
    int threshold = DropoutMask.threshold(0.3f);
    FloatArray x = normal(rows * columns);
    IntArray key = IntArray.fromElements(11, 13);
    FloatArray expected = new FloatArray(rows * columns);
    tasks.task(
        "dropout",
        LaunchShapes.elements(rows * columns),
        id ->
            new TaskPackage(
                id,
                DropoutKernels::dropout,
                tasks.context(),
                x,
                key,
                rows * columns,
                SITE,
                threshold,
                SCALE,
                expected));
    Bf16Array y = EmulatedTasks.bf16(rows * pitch);
    int pairs = rows * pitch / 2;
    tasks.task(
        "dropoutRounded",
        LaunchShapes.elements(pairs),
        id ->
            new TaskPackage(
                id,
                DropoutKernels::dropoutRounded,
                tasks.context(),
                x,
                key,
                pairs,
                columns,
                pitch,
                SITE,
                threshold,
                SCALE,
                y.pairs()));
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < pitch; c++) {
        float kept = c < columns ? expected.get(row * columns + c) : 0;
        assertEquals(bf16(kept), element(y, row * pitch + c), row + ", " + c);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0", "3, 5, 1", "9, 32, 0", "40, 70, 1", "5, 128, 0", "2, 600, 1"})
  void gradientsFollowTheRoundedActivation(int rows, int columns, int rounded) {
    int pitch = RoundingKernels.pitch(columns);
    FloatArray u = normal(rows * columns);
    // What lies behind the columns does not matter.
    Bf16Array roundedU = EmulatedTasks.bf16(rows * pitch);
    for (int i = 0; i < rows * pitch; i++) {
      int column = i % pitch;
      float value = column < columns ? u.get(i / pitch * columns + column) : 1e30f;
      roundedU.shorts().set(i, BFloat16.bf16FromFloat(value));
    }
    Bf16Array active = active(rows, columns, pitch);
    Bf16Array dx = EmulatedTasks.bf16(rows * pitch);
    int pairs = rows * pitch / 2;
    tasks.task(
        "gradient",
        LaunchShapes.elements(pairs),
        id ->
            new TaskPackage(
                id,
                RoundedActivationKernels::reluGradient,
                tasks.context(),
                u,
                roundedU.pairs(),
                active.pairs(),
                pairs,
                columns,
                pitch,
                rounded,
                SCALE,
                dx.pairs()));
    for (int i = 0; i < rows * pitch; i++) {
      int column = i % pitch;
      boolean passed = column < columns && element(active, i) > 0;
      float gradient = 0;
      if (passed) {
        gradient = rounded == 1 ? element(roundedU, i) : u.get(i / pitch * columns + column);
      }
      assertEquals(bf16(SCALE * gradient), element(dx, i), "dx " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 5, 0", "9, 32, 1", "40, 70, 0", "5, 128, 1", "2, 1300, 1"})
  void weightsAndReluHaveTheirGradientsTogether(int rows, int columns, int weighing) {
    int pitch = RoundingKernels.pitch(columns);
    Bf16Array u = active(rows, columns, pitch);
    for (int i = 1; i < rows * pitch; i += 2) {
      u.shorts().set(i, BFloat16.bf16FromFloat(-element(u, i - 1)));
    }
    Bf16Array active = active(rows, columns, pitch);
    FloatArray weights = normal(rows);
    IntArray order = new IntArray(rows);
    for (int row = 0; row < rows; row++) {
      order.set(row, (row + 1) % rows);
    }
    Bf16Array dh = EmulatedTasks.bf16(rows * pitch);
    Bf16Array weighted = EmulatedTasks.bf16(rows * pitch);
    FloatArray dweights = new FloatArray(rows);
    dweights.init(Float.NaN);
    tasks.task(
        "gradients",
        RoundedActivationKernels.weightAndReluThreads(rows),
        id ->
            new TaskPackage(
                id,
                RoundedActivationKernels::weightAndReluGradient,
                tasks.context(),
                u.quads(),
                active.quads(),
                weights,
                order,
                rows,
                pitch,
                SCALE,
                weighing,
                weighted.quads(),
                dh.quads(),
                dweights));
    for (int row = 0; row < rows; row++) {
      float weight = weights.get(order.get(row));
      double sum = 0;
      for (int c = 0; c < pitch; c++) {
        float a = element(active, row * pitch + c);
        float gradient = element(u, row * pitch + c);
        sum += (double) a * gradient;
        float expected = a > 0 ? SCALE * weight * gradient : 0;
        assertEquals(bf16(expected), element(dh, row * pitch + c), row + ", " + c);
        if (weighing == 1) {
          assertEquals(bf16(weight * a), element(weighted, row * pitch + c), row + ", " + c);
        }
      }
      assertEquals(sum, dweights.get(order.get(row)), 1e-4 * Math.sqrt(columns), "weight " + row);
    }
  }

  /** The result of ReLU, rounded. */
  private Bf16Array active(int rows, int columns, int pitch) {
    Bf16Array array = EmulatedTasks.bf16(rows * pitch);
    for (int i = 0; i < rows * pitch; i++) {
      float value = i % pitch < columns ? (float) Math.max(0, random.nextGaussian()) : 0;
      array.shorts().set(i, BFloat16.bf16FromFloat(value));
    }
    return array;
  }

  private FloatArray normal(int elements) {
    FloatArray array = new FloatArray(elements);
    for (int i = 0; i < elements; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }

  private static float element(Bf16Array array, int index) {
    return BFloat16.bf16ToFloat(array.shorts().get(index));
  }

  private static float bf16(float value) {
    return BFloat16.bf16ToFloat(BFloat16.bf16FromFloat(value));
  }
}
