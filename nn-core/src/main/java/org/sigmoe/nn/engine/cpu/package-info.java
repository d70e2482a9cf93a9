/**
 * The CPU engine: tensors off the Java heap, matrix products by {@link
 * org.sigmoe.nn.engine.cpu.gemm}, everything else in Java loops of the Vector API, split over the
 * engine's own threads.
 *
 * <p>A graph becomes a list of {@link org.sigmoe.nn.engine.cpu.Kernel kernels} bound to addresses;
 * a run executes them one after another and allocates nothing on the Java heap. Kernels are named
 * after their op; {@code XxxKernels} makes those of a family for the {@link
 * org.sigmoe.nn.engine.cpu.Compiler}. How a kernel splits its work depends on shapes alone and no
 * sum depends on the order in which threads run, so that a run gives the same bits every time.
 */
@NullMarked
package org.sigmoe.nn.engine.cpu;

import org.jspecify.annotations.NullMarked;
