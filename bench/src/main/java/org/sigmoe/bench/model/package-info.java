/**
 * A Transformer-XL in training as it is benchmarked: its sizes, its tokens, and the step by Sigmoe.
 *
 * <p>Not here: the same step by libtorch, and anything that measures.
 */
@NullMarked
package org.sigmoe.bench.model;

import org.jspecify.annotations.NullMarked;
