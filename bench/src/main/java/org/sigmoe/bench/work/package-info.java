/**
 * What is timed, as graphs: single ops, feed-forward blocks, training steps, for any {@link
 * org.sigmoe.bench.shape.Sizes}. A graph comes with what it is fed and what its variables hold.
 *
 * <p>Not here: engines and clocks.
 */
@NullMarked
package org.sigmoe.bench.work;

import org.jspecify.annotations.NullMarked;
