package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Memory of bf16 elements on the device under the two names that TornadoVM asks for: kernels store
 * 16 bits in a {@link ShortArray}, asynchronous copies take them from a {@link HalfFloatArray}.
 *
 * @param shorts the name to write by, and for libraries
 * @param halves the name to copy from
 */
public record Bf16Array(ShortArray shorts, HalfFloatArray halves) {}
