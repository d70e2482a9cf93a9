package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Memory of bf16 elements on the device under the names that TornadoVM asks for: libraries and
 * kernels that go element by element know it as a {@link ShortArray}, those that go by pairs as an
 * {@link IntArray} half as long, loads of four as a {@link LongArray}; asynchronous copies take
 * from a {@link HalfFloatArray}.
 *
 * @param shorts the name for single elements, and for libraries
 * @param pairs the name for two elements at once, {@link Bf16Pairs}
 * @param quads the name for four elements at once
 * @param halves the name to copy from
 */
public record Bf16Array(
    ShortArray shorts, IntArray pairs, LongArray quads, HalfFloatArray halves) {}
