package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * The sums of tensor-core products that a thread itself holds, to be looked at before they are
 * stored. A thread has four of a fragment's 16 by 8: those in columns 2 (lane % 4) and the next one
 * of row lane / 4, and the same of the row 8 below.
 *
 * <p>TornadoVM only stores fragments, to arrays in global memory. What it generates writes behind
 * the header of whatever it is given, at places that depend on the lane; so it is given an array of
 * the thread's own, and row and column take back what depends on the lane. All addresses are
 * constants then, and the array is registers. Sums are there as the bits of an f32, because
 * TornadoVM cannot take those from a float.
 */
public final class FragmentSums {
  /** Elements of an array for two fragments beside each other, whose sums begin at the fifth. */
  static final int LENGTH = 4 + 16 + 4;

  /** Set to true before the first kernel of a process that emulates kernels. */
  public static final String EMULATED_PROPERTY = "sigmoe.tornado.kernels.emulated";

  private static final boolean EMULATED = Boolean.getBoolean(EMULATED_PROPERTY);

  /** Elements before the first sum. */
  private static final int FIRST = 4;

  /** From the sums in one row to those in the next. */
  private static final int PITCH = 2;

  private FragmentSums() {}

  /** A context of emulated kernels that can do the same. */
  public interface Emulation {
    /** The calling lane's sums of a fragment. */
    float[] sums(float[] fragment);
  }

  /**
   * An array of the thread's own, as {@link #take} needs it: TornadoVM must not see that it is no
   * {@link FloatArray}. CUDA's compiler sees that the condition never holds.
   *
   * @param own of {@value #LENGTH} elements
   * @param other any array in global memory
   */
  static Object hidden(int thread, int[] own, Object other) {
    return 5 * (thread + 3) - 5 * thread != 15 ? other : own;
  }

  /**
   * Takes a thread's sums of a fragment.
   *
   * @param hidden of {@link #hidden}
   * @param side 0 for the left one of two fragments, 1 for the right one
   */
  static void take(KernelContext context, float[] fragment, Object hidden, int side) {
    if (EMULATED) {
      float[] sums = ((Emulation) context).sums(fragment);
      for (int i = 0; i < sums.length; i++) {
        ((int[]) hidden)[FIRST + side * 2 + i / 2 * 8 * PITCH + i % 2] =
            Float.floatToRawIntBits(sums[i]);
      }
    } else {
      int lane = context.localIdx & 31;
      context.mmaStore(
          fragment, (FloatArray) hidden, -(lane >> 2), side * 2 - ((lane & 3) << 1), PITCH);
    }
  }

  /**
   * Stores, rounded to bf16, the four adjacent sums that a thread has of two fragments whose
   * columns are those of even and of odd pairs, and the same of the row 8 below.
   *
   * @param own what {@code hidden} hides
   * @param quad of {@code to} for the upper row
   * @param down from there to that of the lower row
   * @param rows that there are from the upper one on: of these two those are stored
   * @param relu whether negative sums become 0
   */
  static void storeRounded(
      KernelContext context,
      float[] even,
      float[] odd,
      int[] own,
      Object hidden,
      LongArray to,
      int quad,
      int down,
      int rows,
      boolean relu) {
    take(context, even, hidden, 0);
    take(context, odd, hidden, 1);
    if (rows > 0) {
      to.set(quad, quad(own, FIRST, relu));
    }
    if (rows > 8) {
      to.set(quad + down, quad(own, FIRST + 8 * PITCH, relu));
    }
  }

  private static long quad(int[] own, int at, boolean relu) {
    return Bf16Quads.ofBits(own[at], own[at + 1], own[at + 2], own[at + 3], relu);
  }
}
