/**
 * Matrix products on native memory for the CPU engine.
 *
 * <p>A {@link org.sigmoe.nn.engine.cpu.gemm.Gemm} is one implementation (a native library, or plain
 * Java); it compiles a {@link org.sigmoe.nn.engine.cpu.gemm.GemmShape} once into a {@link
 * org.sigmoe.nn.engine.cpu.gemm.GemmPlan}, which is then run on raw addresses any number of times.
 * Every run uses the calling thread only: the engine splits rows over its own threads.
 *
 * <p>The types are public because the engine's packages share them; they are engine internals, not
 * an interface for users. Of the graph they know no more than what a transpose is.
 */
@NullMarked
package org.sigmoe.nn.engine.cpu.gemm;

import org.jspecify.annotations.NullMarked;
