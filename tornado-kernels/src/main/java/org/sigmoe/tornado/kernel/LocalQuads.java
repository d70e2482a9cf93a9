package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/**
 * Fragments of tiles in local arrays of longs, four elements of 16 bits each, which a thread stores
 * with one instruction. TornadoVM loads fragments only from arrays of ints, so the array is given
 * to it as what it cannot look into.
 */
public final class LocalQuads {
  private LocalQuads() {}

  /** A context of emulated kernels that can do the same. */
  public interface Emulation {
    HalfFloat[] loadA(long[] tile, int byteOffset);

    HalfFloat[] loadB(long[] tile, int byteOffset);
  }

  /**
   * As {@code mmaLoadA}.
   *
   * @param hidden of {@link FragmentSums#hidden}, of the tile
   */
  static HalfFloat[] loadA(KernelContext context, long[] tile, Object hidden, int byteOffset) {
    return FragmentSums.EMULATED
        ? ((Emulation) context).loadA(tile, byteOffset)
        : context.mmaLoadA((int[]) hidden, 16, byteOffset);
  }

  /** As {@code mmaLoadB}. */
  static HalfFloat[] loadB(KernelContext context, long[] tile, Object hidden, int byteOffset) {
    return FragmentSums.EMULATED
        ? ((Emulation) context).loadB(tile, byteOffset)
        : context.mmaLoadB((int[]) hidden, 16, byteOffset);
  }
}
