package org.sigmoe.tornado.kernel.emulator;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;

/**
 * A tensor-core product with all that is emulated of one: two stages of asynchronous copies, tiles
 * in the standard layout and in one of its own, four warps.
 */
final class ProductKernel {
  static final int THREADS = 128;
  static final int ROWS = 32;
  static final int COLUMNS = 32;
  private static final int STEP = 16;

  /** Ints of a stage's tile: 32 by 16 numbers. */
  private static final int STAGE = 256;

  private ProductKernel() {}

  /**
   * c [32, 32] = a [32, k] b [k, 32] by one group, the bits of a and b being bf16. Warp w computes
   * rows 16 (w / 2) and columns 16 (w % 2) on. The tile of a has its 16-byte halves of a row
   * swapped in odd rows.
   */
  static void bf16(KernelContext context, HalfFloatArray a, HalfFloatArray b, FloatArray c, int k) {
    int[] tileA = context.allocateIntLocalArray(2 * STAGE);
    int[] tileB = context.allocateIntLocalArray(2 * STAGE);
    float[] left = context.mmaFragment(0f);
    float[] right = context.mmaFragment(0f);
    int thread = context.localIdx;
    int lane = thread % 32;
    int warp = thread / 32;
    int standard = (lane % 8 + lane / 8 % 2 * 8) * 32 + lane / 16 * 16;
    int row = warp / 2 * 16 + lane % 16;
    int wanted = row * 32 + ((lane / 16) ^ (row & 1)) * 16;
    copy(context, tileA, tileB, 0, a, b, 0, k);
    for (int first = 0; first < k; first += STEP) {
      context.asyncCopyWaitGroup(0);
      context.localBarrier();
      // After the last step there is nothing to copy: the last terms go where none are read.
      int next = (first / STEP + 1) % 2 * STAGE;
      copy(context, tileA, tileB, next, a, b, Math.min(first + STEP, k - STEP), k);
      int stage = first / STEP % 2 * STAGE * 4;
      HalfFloat[] fragmentA = context.mmaLoadA(tileA, 16, stage + wanted - standard);
      int panel = stage + warp % 2 * 512;
      HalfFloat[] fragmentB = context.mmaLoadB(tileB, 16, panel);
      left = context.mmaBF16(fragmentA, fragmentB, left, MMAShape.M16N8K16);
      HalfFloat[] other = context.mmaLoadB(tileB, 16, panel + 256);
      right = context.mmaBF16(fragmentA, other, right, MMAShape.M16N8K16);
      context.localBarrier();
    }
    context.mmaStore(left, c, warp / 2 * 16, warp % 2 * 16, COLUMNS);
    context.mmaStore(right, c, warp / 2 * 16, warp % 2 * 16 + 8, COLUMNS);
  }

  /** Terms first to first + 16 into a stage: a by rows, b by panels of 8 columns. */
  private static void copy(
      KernelContext context,
      int[] tileA,
      int[] tileB,
      int stage,
      HalfFloatArray a,
      HalfFloatArray b,
      int first,
      int k) {
    for (int i = context.localIdx; i < STAGE; i += THREADS) {
      int row = i / 8;
      int place = row * 8 + ((i % 8) ^ (row % 2 * 4));
      context.asyncCopyToLocal(tileA, stage + place, a, row * k + first + i % 8 * 2);
      int column = i / 64 * 8 + i % 4 * 2;
      context.asyncCopyToLocal(tileB, stage + i, b, (first + i / 4 % 16) * COLUMNS + column);
    }
    context.asyncCopyCommit();
  }
}
