/**
 * Tensors on disk: reading and writing safetensors files, and writing any file so that a crash or a
 * full disk never costs the file that was there before.
 *
 * <p>What it is not: it knows nothing of graphs, models or training runs. A tensor here is a name,
 * an element type, a shape and a stretch of off-heap memory ({@link
 * org.sigmoe.nn.checkpoint.NamedTensor}); which tensors make a checkpoint is for the caller.
 *
 * <p>Tensor bytes move between off-heap memory and the file without a copy on the Java heap.
 * Elements are little-endian in the file and are taken to be so in memory, as they are on x86-64
 * and AArch64.
 */
@NullMarked
package org.sigmoe.nn.checkpoint;

import org.jspecify.annotations.NullMarked;
