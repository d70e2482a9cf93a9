package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Memory of bf16 elements on the device under several names: how many elements a kernel takes at
 * once is a matter of the array's type.
 *
 * @param shorts the name for single elements, and for libraries
 * @param pairs the name for two elements at once, {@link Bf16Pairs}
 * @param quads the name for four elements at once
 */
public record Bf16Array(ShortArray shorts, IntArray pairs, LongArray quads) {}
