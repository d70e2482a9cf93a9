package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Memory of bf16 elements on the device under the two names that TornadoVM asks for: kernels store
 * 16 bits in a {@link ShortArray}, asynchronous copies take them from a {@link HalfFloatArray}.
 *
 * <p>The first {@value #FIRST} elements are left out: with the header of an array before them, what
 * follows begins at a multiple of 128 bytes, so that a row is read in as few sectors as it fills.
 *
 * @param shorts the name to write by, and for libraries
 * @param halves the name to copy from
 */
public record Bf16Array(ShortArray shorts, HalfFloatArray halves) {
  /** Number of the first element in use; the header has 16 bytes. */
  public static final int FIRST = 56;
}
