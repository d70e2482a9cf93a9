package org.sigmoe.tornado.kernel.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.sigmoe.tornado.kernel.GroupedMatMulKernels;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class KernelEmulatorTest {
  private final Random random = new Random(7);

  @Test
  void bf16ProductIsRight() {
    int k = 80;
    HalfFloatArray a = bf16(ProductKernel.ROWS * k);
    HalfFloatArray b = bf16(k * ProductKernel.COLUMNS);
    FloatArray c = new FloatArray(ProductKernel.ROWS * ProductKernel.COLUMNS);
    KernelEmulator.run(
        1, ProductKernel.THREADS, context -> ProductKernel.bf16(context, a, b, c, k));
    for (int i = 0; i < ProductKernel.ROWS; i++) {
      for (int j = 0; j < ProductKernel.COLUMNS; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += (double) value(a, i * k + p) * value(b, p * ProductKernel.COLUMNS + j);
        }
        assertEquals(sum, c.get(i * ProductKernel.COLUMNS + j), 1e-5, i + ", " + j);
      }
    }
  }

  @Test
  void f16IsDecodedAsSuch() {
    FloatArray c = new FloatArray(16 * 8);
    KernelEmulator.run(
        1,
        32,
        context -> {
          int[] ones = context.allocateIntLocalArray(128);
          for (int i = 0; i < 4; i++) {
            ones[context.localIdx + 32 * i] = 0x3C00_3C00;
          }
          context.localBarrier();
          float[] sum = context.mmaFragment(2f);
          HalfFloat[] a = context.mmaLoadA(ones, 16);
          HalfFloat[] b = context.mmaLoadB(ones, 16);
          context.mmaStore(context.mma(a, b, sum, MMAShape.M16N8K16), c, 0, 0, 8);
        });
    for (int i = 0; i < c.getSize(); i++) {
      assertEquals(18f, c.get(i));
    }
  }

  /** Barriers, local and private memory of a kernel that runs on devices too. */
  @Test
  void groupedProductIsRight() {
    int rows = 150;
    int n = 70;
    int k = 37;
    int groups = 3;
    int values = 4;
    IntArray offsets = IntArray.fromElements(0, 20, 20, rows);
    IntArray order = new IntArray(rows);
    for (int s = 0; s < rows; s++) {
      order.set(s, (s * 7) % rows);
    }
    FloatArray a = normal(rows * k);
    FloatArray m = normal(groups * k * n);
    FloatArray c = new FloatArray(rows * n);
    int tiles = (rows / (16 * values) + groups) * Math.ceilDiv(n, 16 * values);
    KernelEmulator.run(
        tiles,
        256,
        context ->
            GroupedMatMulKernels.byTiles(
                context, a, m, order, offsets, c, rows, n, k, groups, 1, n, 1, values, values));
    for (int s = 0; s < rows; s++) {
      int group = s < 20 ? 0 : 2;
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += (double) a.get(order.get(s) * k + p) * m.get((group * k + p) * n + j);
        }
        assertEquals(sum, c.get(s * n + j), 1e-4, s + ", " + j);
      }
    }
  }

  @Test
  void threadsKnowTheirPlace() {
    WorkerGrid2D grid = new WorkerGrid2D(6, 8);
    grid.setLocalWork(3, 2, 1);
    IntArray seen = new IntArray(48);
    KernelEmulator.run(
        grid,
        context -> {
          assertEquals(context.globalIdx, context.groupIdx * 3 + context.localIdx);
          assertEquals(context.globalIdy, context.groupIdy * 2 + context.localIdy);
          assertEquals(8, context.globalGroupSizeY);
          assertEquals(3, context.localGroupSizeX);
          context.atomicAdd(seen, context.globalIdy * 6 + context.globalIdx, 1);
        });
    for (int i = 0; i < 48; i++) {
      assertEquals(1, seen.get(i));
    }
  }

  @Test
  void warpsAddUp() {
    FloatArray sums = new FloatArray(64);
    KernelEmulator.run(
        1,
        64,
        context -> {
          float sum = context.simdSum(context.localIdx);
          float below = context.simdShuffleDown(context.localIdx, 16);
          sums.set(context.localIdx, sum + below);
        });
    assertEquals(496f + 16f, sums.get(0));
    assertEquals(496f + 31f, sums.get(31));
    assertEquals(1520f + 63f, sums.get(47));
  }

  @Test
  void missingBarrierIsSeen() {
    FloatArray y = new FloatArray(128);
    KernelEmulator.run(
        1,
        128,
        context -> {
          float[] local = context.allocateFloatLocalArray(128);
          local[context.localIdx] = 1f;
          y.set(context.localIdx, local[127 - context.localIdx]);
        });
    int nan = 0;
    for (int i = 0; i < 128; i++) {
      nan += Float.isNaN(y.get(i)) ? 1 : 0;
    }
    assertEquals(64, nan, "of each pair of threads the first finds nothing");
  }

  @Test
  void missingWaitIsSeen() {
    HalfFloatArray x = bf16(64);
    IntArray y = new IntArray(64);
    KernelEmulator.run(
        1,
        32,
        context -> {
          int[] local = context.allocateIntLocalArray(32);
          int thread = context.localIdx;
          context.asyncCopyToLocal(local, thread, x, thread * 2);
          context.asyncCopyCommit();
          context.asyncCopyWaitGroup(1);
          y.set(thread, local[thread]);
          context.asyncCopyWaitGroup(0);
          y.set(32 + thread, local[thread]);
        });
    for (int i = 0; i < 32; i++) {
      assertEquals(EmulatedContext.POISON, y.get(i));
      assertEquals(x.get(2 * i).getHalfFloatValue(), (short) y.get(32 + i));
      assertEquals(x.get(2 * i + 1).getHalfFloatValue(), (short) (y.get(32 + i) >> 16));
    }
  }

  @Test
  void barrierMissedBySomeFails() {
    fails(
        "after 1 barriers: [0, 1, 2] are AT_BARRIER; [3] are ENDED",
        4,
        context -> {
          context.localBarrier();
          if (context.localIdx < 3) {
            context.localBarrier();
          }
        });
  }

  @Test
  void warpThatPartsWaysFails() {
    fails(
        "only 8 of the 32 lanes from thread 32 on came to mmaStore",
        64,
        context -> {
          float[] sum = context.mmaFragment(0f);
          if (context.localIdx < 40) {
            context.mmaStore(sum, new FloatArray(128), 0, 0, 8);
          }
          context.localBarrier();
        });
  }

  @Test
  void memoryOutsideFails() {
    fails("out of bounds for length 32", 64, c -> c.allocateIntLocalArray(32)[c.localIdx] = 1);
    fails("49156 bytes of local memory", 32, c -> c.allocateIntLocalArray(12289));
    fails("of a tile of 512 bytes", 32, c -> c.mmaLoadA(c.allocateIntLocalArray(128), 16, 512));
    fails("not aligned", 32, c -> c.mmaLoadB(c.allocateIntLocalArray(128), 16, 4));
    fails("multiples of 16 bytes", 32, c -> c.mmaLoadA(c.allocateIntLocalArray(129), 16));
    FloatArray small = new FloatArray(127);
    fails("Index 127", 32, c -> c.mmaStore(c.mmaFragment(0f), small, 0, 0, 8));
    HalfFloatArray x = new HalfFloatArray(64);
    fails("element 1", 32, c -> c.asyncCopyToLocal(c.allocateIntLocalArray(32), 0, x, 1));
  }

  @Test
  void allocationsMustAgree() {
    fails(
        "allocation 0 is int[] of length",
        2,
        context -> context.allocateIntLocalArray(4 + context.localIdx));
  }

  @Test
  void endlessLoopFails() {
    boolean[] on = {true};
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class,
            () ->
                KernelEmulator.run(
                    Launch.of(1, 2),
                    Duration.ofMillis(50),
                    context -> {
                      while (on[0]) {
                        Thread.onSpinWait();
                      }
                    }));
    on[0] = false;
    assertTrue(failure.getMessage().contains("no barrier and no end"), failure.getMessage());
  }

  private static void fails(String message, int threads, Consumer<KernelContext> kernel) {
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> KernelEmulator.run(1, threads, kernel));
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
  }

  private HalfFloatArray bf16(int elements) {
    HalfFloatArray array = new HalfFloatArray(elements);
    for (int i = 0; i < elements; i++) {
      short bits = BFloat16.bf16FromFloat((float) random.nextGaussian());
      array.set(i, new HalfFloat(bits));
    }
    return array;
  }

  private static float value(HalfFloatArray array, int index) {
    return BFloat16.bf16ToFloat(array.get(index).getHalfFloatValue());
  }

  private FloatArray normal(int elements) {
    FloatArray array = new FloatArray(elements);
    for (int i = 0; i < elements; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }
}
