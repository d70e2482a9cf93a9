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
 * constants then, and the array is registers. In an array of ints, numbers are there as the bits of
 * an f32, which TornadoVM cannot take from a float.
 */
public final class FragmentSums {
  /** The sum in the first column of the upper row of fragment 0; that of fragment n is 2 n on. */
  static final int FIRST = 4;

  /** From a sum of the upper row to that of the lower row in the same column. */
  static final int LOWER = 16;

  /** Elements of an array for up to 8 fragments. */
  static final int LENGTH = FIRST + 2 * LOWER;

  /** Set to true before the first kernel of a process that emulates kernels. */
  public static final String EMULATED_PROPERTY = "sigmoe.tornado.kernels.emulated";

  static final boolean EMULATED = Boolean.getBoolean(EMULATED_PROPERTY);

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
   * @param own floats or ints, {@value #LENGTH} elements; or the local array of {@link LocalQuads}
   * @param other an array in global memory that the kernel itself writes
   */
  static Object hidden(int thread, Object own, Object other) {
    return 5 * (thread + 3) - 5 * thread != 15 ? other : own;
  }

  /**
   * Takes a thread's sums of a fragment.
   *
   * @param hidden of {@link #hidden}
   * @param number of the fragment in the array
   */
  static void take(KernelContext context, float[] fragment, Object hidden, int number) {
    if (EMULATED) {
      float[] sums = ((Emulation) context).sums(fragment);
      for (int i = 0; i < sums.length; i++) {
        int at = FIRST + 2 * number + i / 2 * LOWER + i % 2;
        if (hidden instanceof float[] own) {
          own[at] = sums[i];
        } else {
          ((int[]) hidden)[at] = Float.floatToRawIntBits(sums[i]);
        }
      }
    } else {
      int lane = context.localIdx & 31;
      context.mmaStore(
          fragment, (FloatArray) hidden, -(lane >> 2), 2 * number - ((lane & 3) << 1), LOWER / 8);
    }
  }

  /**
   * Takes the bits of a number to an array of ints, as a fragment of such sums.
   *
   * @param hidden of {@link #hidden}
   * @param number of the fragment in the array
   */
  static void takeBits(KernelContext context, float value, Object hidden, int number) {
    take(context, context.mmaFragment(value), hidden, number);
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
      to.set(quad + down, quad(own, FIRST + LOWER, relu));
    }
  }

  private static long quad(int[] own, int at, boolean relu) {
    return Bf16Quads.ofBits(own[at], own[at + 1], own[at + 2], own[at + 3], relu);
  }
}
