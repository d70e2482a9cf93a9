/**
 * Benchmarks: the same training step on Sigmoe's engines and on peers, in one run, so that ratios
 * mean something. {@link org.sigmoe.bench.BenchModel} names the models, {@link
 * org.sigmoe.bench.Main} starts JMH.
 *
 * <p>Not here: tests of correctness (each module has its own) and anything that another module
 * depends on.
 */
@NullMarked
package org.sigmoe.bench;

import org.jspecify.annotations.NullMarked;
