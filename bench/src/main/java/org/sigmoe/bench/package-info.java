/**
 * The command of the benchmarks: which sets there are, what is measured in each, and what is drawn.
 *
 * <p>Sizes are in {@code shape}, graphs in {@code work}, clocks in {@code measure}, tables and
 * figures in {@code result}, libtorch in {@code peer}. Not here: tests of correctness (each module
 * has its own) and anything that another module depends on.
 */
@NullMarked
package org.sigmoe.bench;

import org.jspecify.annotations.NullMarked;
