/**
 * The libtorch peer: one training step of the same Transformer-XL as a PyTorch user would write it,
 * called from Java through the JavaCPP presets of libtorch. It is what Sigmoe's engines are timed
 * against.
 *
 * <p>Not here: anything that Sigmoe computes with. libtorch is a dependency of the benchmarks only.
 */
@NullMarked
package org.sigmoe.bench.peer;

import org.jspecify.annotations.NullMarked;
