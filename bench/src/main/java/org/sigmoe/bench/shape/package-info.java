/**
 * Sizes of what is benchmarked: those of the paper by name, and any that differ from them in some
 * dimensions. They are written as text, by which JMH's forks and the files of results name them.
 */
@NullMarked
package org.sigmoe.bench.shape;

import org.jspecify.annotations.NullMarked;
